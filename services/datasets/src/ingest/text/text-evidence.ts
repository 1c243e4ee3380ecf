import { sequenceLength } from './utf8.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What the bytes of a file say of their encoding. */
export interface Evidence {
  readonly length: number;
  /** NULs on even and on odd places. */
  readonly nuls: readonly [number, number];
  /** Bytes that are no part of a character in UTF-8. */
  readonly badBytes: number;
  readonly badPlaces: readonly Place[];
  readonly firstBad: Place & Record<string, unknown>;
  /** Well-formed characters of several bytes. */
  readonly multibyte: number;
  /** Whether bytes from 0x80 to 0x9F occur, where ISO-8859-1 has control characters only. */
  readonly usesC1: boolean;
  /** Lines with bytes beyond ASCII, up to a bound. */
  readonly lines: Uint8Array;
}

const shownPlaces = 20;
const keptBytes = 2 ** 18;
const lineFeed = 10;

/** Gathers {@link Evidence} piece by piece. Pieces that are ASCII or UTF-8 throughout cost one look. */
export const createEvidence = () => {
  let length = 0;
  let line = 1;
  let lineStart = 0;
  let badBytes = 0;
  let multibyte = 0;
  let usesC1 = false;
  const nuls: [number, number] = [0, 0];
  const badPlaces: Place[] = [];
  const kept: Buffer[] = [];
  let keptLength = 0;

  const countNuls = (bytes: Buffer) => {
    for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, at + 1)) {
      if ((length + at) % 2 === 0) nuls[0] += 1;
      else nuls[1] += 1;
    }
  };
  const countLines = (bytes: Buffer) => {
    for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) {
      line += 1;
      lineStart = length + at + 1;
    }
  };
  const keepLines = (bytes: Buffer) => {
    for (let from = 0; from < bytes.length && keptLength < keptBytes; ) {
      const found = bytes.indexOf(lineFeed, from);
      const end = found === -1 ? bytes.length : found + 1;
      const one = bytes.subarray(from, end);
      if (one.some((byte) => byte > 127)) {
        kept.push(Buffer.from(one));
        keptLength += one.length;
      }
      from = end;
    }
  };
  const judge = (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; ) {
      const byte = bytes[at] as number;
      if (byte === lineFeed) {
        line += 1;
        lineStart = length + at + 1;
      }
      const size = sequenceLength(bytes, at);
      if (size > 1) multibyte += 1;
      if (byte > 127 && byte < 160) usesC1 = true;
      if (size === 0) {
        badBytes += 1;
        if (badPlaces.length < shownPlaces) badPlaces.push({ line, column: length + at - lineStart + 1 });
      }
      at += Math.max(1, size);
    }
  };

  return {
    add: (bytes: Buffer, isAscii: boolean, isUtf8: boolean) => {
      countNuls(bytes);
      if (isAscii) {
        if (badPlaces.length < shownPlaces) countLines(bytes);
      } else {
        // Valid characters count only while it is open whether the file is UTF-8 at all.
        if (isUtf8 && badBytes === 0) {
          countLines(bytes);
          multibyte += 3;
        } else {
          judge(bytes);
        }
        keepLines(bytes);
      }
      length += bytes.length;
    },
    finish: (): Evidence => ({
      length,
      nuls,
      badBytes,
      badPlaces,
      firstBad: { line: badPlaces[0]?.line ?? 1, column: badPlaces[0]?.column ?? 1 },
      multibyte,
      usesC1,
      lines: Buffer.concat(kept),
    }),
  };
};
