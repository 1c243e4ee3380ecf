import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Encoding } from '@vindima/contracts';
import { readPieces } from './read-pieces.ts';
import { unreadable, wrongType } from './refuse.ts';

export interface Text {
  /** A file in UTF-8 without byte order mark. */
  readonly path: string;
  readonly encoding: Encoding;
}

const chunkSize = 2 ** 20;

/**
 * Decides the encoding on the whole file and makes it UTF-8 (in `target`) where it is not. A byte order mark decides;
 * else NULs on every other place mean UTF-16, bytes that are valid UTF-8 throughout mean UTF-8, and the rest is
 * Windows-1252 when it uses the places 0x80 to 0x9F, where ISO-8859-1 has only control characters.
 * @throws 415 `datasets.not_text` for binary content, 422 `datasets.wrong_encoding` where `wanted` does not fit
 */
export const readText = async (path: string, target: string, wanted?: Encoding): Promise<Text> => {
  const mark = await byteOrderMark(path);
  const found = mark?.encoding ?? (await decide(path));
  const encoding = wanted ?? found;
  if (wanted === 'utf-8' && found !== 'utf-8') {
    throw unreadable('wrong_encoding', 'The file is not valid UTF-8.', { found });
  }
  if (encoding === 'utf-8' && mark === undefined) return { path, encoding };
  await transcode(path, target, encoding, mark?.encoding === encoding ? mark.length : 0);
  return { path: target, encoding };
};

const byteOrderMark = async (path: string): Promise<{ encoding: Encoding; length: number } | undefined> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const hex = buffer.subarray(0, bytesRead).toString('hex');
    if (hex.startsWith('efbbbf')) return { encoding: 'utf-8', length: 3 };
    if (hex === 'fffe0000' || hex === '0000feff') {
      throw wrongType('not_text', 'The file is in UTF-32; save it as UTF-8.');
    }
    if (hex.startsWith('fffe')) return { encoding: 'utf-16le', length: 2 };
    if (hex.startsWith('feff')) return { encoding: 'utf-16be', length: 2 };
    return undefined;
  } finally {
    await file.close();
  }
};

const decide = async (path: string): Promise<Encoding> => {
  let utf8 = true;
  let windows = false;
  let length = 0;
  const nuls = [0, 0];
  let rest = Buffer.alloc(0);
  for await (const chunk of readPieces(path)) {
    for (let at = chunk.indexOf(0); at !== -1; at = chunk.indexOf(0, at + 1)) {
      const place = (length + at) % 2;
      nuls[place] = (nuls[place] ?? 0) + 1;
    }
    if (utf8) {
      const joined = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = joined.length - incompleteTail(joined);
      utf8 = isUtf8(joined.subarray(0, end));
      rest = Buffer.from(joined.subarray(end));
    }
    if (!windows && !isAscii(chunk)) windows = chunk.some((byte) => byte >= 0x80 && byte <= 0x9f);
    length += chunk.length;
  }
  const [even = 0, odd = 0] = nuls;
  if (even + odd > 0) return decideWithNuls(length, even, odd);
  if (utf8 && rest.length === 0) return 'utf-8';
  return windows ? 'windows-1252' : 'latin-1';
};

const decideWithNuls = (length: number, even: number, odd: number): Encoding => {
  // Western text in UTF-16 has a NUL in nearly every pair, always on the same side.
  if (length % 2 === 0 && odd > length * 0.2 && even < odd * 0.05) return 'utf-16le';
  if (length % 2 === 0 && even > length * 0.2 && odd < even * 0.05) return 'utf-16be';
  throw wrongType('not_text', 'The file is neither a known binary format nor text: it holds NUL bytes.');
};

/** How many bytes at the end begin a UTF-8 sequence that continues in the next chunk. */
const incompleteTail = (bytes: Buffer): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
};

const labels: Record<Encoding, string> = {
  'utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'latin-1': 'latin1',
  'windows-1252': 'windows-1252',
};

const transcode = async (path: string, target: string, encoding: Encoding, skip: number): Promise<void> => {
  // The WHATWG label latin1 means windows-1252; Node's own latin1 is ISO-8859-1.
  const decoder =
    encoding === 'latin-1' ? undefined : new TextDecoder(labels[encoding], { fatal: true, ignoreBOM: true });
  const decode = (bytes?: Buffer) =>
    decoder === undefined ? (bytes?.toString('latin1') ?? '') : decoder.decode(bytes, { stream: bytes !== undefined });
  try {
    await pipeline(
      createReadStream(path, { start: skip, highWaterMark: chunkSize }),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          const text = decode(chunk);
          if (text.includes('\0')) throw wrongType('not_text', 'The file is not text: it holds NUL characters.');
          yield text;
        }
        yield decode();
      },
      createWriteStream(target, { encoding: 'utf8' }),
    );
  } catch (error) {
    if (error instanceof TypeError) {
      throw unreadable('wrong_encoding', `The file is not valid ${encoding}.`, { encoding });
    }
    throw error;
  }
};
