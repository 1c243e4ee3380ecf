import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { readPieces } from '../read-pieces.ts';
import { unreadable, wrongType } from '../refuse.ts';
import type { Warnings } from '../warnings.ts';
import { decoderOf, encodingNamed } from './encodings.ts';
import { guessEncoding } from './guess-encoding.ts';
import { createEvidence, type Evidence } from './text-evidence.ts';
import { incompleteTail } from './utf8.ts';

export interface Text {
  /** A file in UTF-8 without byte order mark. */
  readonly path: string;
  readonly encoding: string;
}

const chunkSize = 2 ** 20;

/**
 * Decides the encoding on the whole file and makes it UTF-8 (in `target`) where it is not. A byte order mark decides; else
 * NULs on every other place mean UTF-16, and bytes that are UTF-8 but for a few mean UTF-8. What is left is guessed, and
 * said to be guessed, with the first place that depends on it.
 * @throws 415 `datasets.not_text` for binary content, 422 `datasets.wrong_encoding` where `wanted` does not fit or no encoding
 * does
 */
export const readText = async (
  path: string,
  target: string,
  wanted: string | undefined,
  warnings: Warnings,
): Promise<Text> => {
  const mark = await byteOrderMark(path);
  const told = wanted === undefined ? undefined : encodingNamed(wanted);
  const evidence = mark === undefined && told !== 'utf-16le' && told !== 'utf-16be' ? await gather(path) : undefined;
  const found = mark?.encoding ?? (evidence === undefined ? undefined : decide(evidence, told, warnings));
  const encoding = told ?? found ?? 'utf-8';
  if (encoding === 'utf-8' && mark === undefined && evidence?.badBytes === 0) return { path, encoding };
  await transcode(
    path,
    target,
    encoding,
    mark?.encoding === encoding ? mark.length : 0,
    told !== undefined || evidence === undefined,
  );
  return { path: target, encoding };
};

const byteOrderMark = async (path: string): Promise<{ encoding: string; length: number } | undefined> => {
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

const gather = async (path: string): Promise<Evidence> => {
  const evidence = createEvidence();
  let rest = Buffer.alloc(0);
  for await (const chunk of readPieces(path)) {
    const joined = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = joined.length - incompleteTail(joined);
    const complete = joined.subarray(0, end);
    evidence.add(complete, isAscii(complete), isUtf8(complete));
    rest = Buffer.from(joined.subarray(end));
  }
  if (rest.length > 0) evidence.add(rest, false, false);
  return evidence.finish();
};

/** What the bytes are, and what there is to warn of. */
const decide = (evidence: Evidence, told: string | undefined, warnings: Warnings): string | undefined => {
  if (evidence.nuls[0] + evidence.nuls[1] > 0) return decideWithNuls(evidence);
  if (evidence.badBytes === 0) return 'utf-8';
  if (told !== undefined && told !== 'utf-8') return told;
  if (isMostlyUtf8(evidence)) {
    if (told === undefined || told === 'utf-8') tellBadBytes(evidence, warnings);
    return 'utf-8';
  }
  if (told === 'utf-8') throw unreadable('wrong_encoding', 'The file is not valid UTF-8.', evidence.firstBad);
  const guess = guessEncoding(evidence.lines);
  const { line, column } = evidence.firstBad;
  if (guess === undefined) {
    throw unreadable(
      'wrong_encoding',
      `The encoding of the file cannot be told: it is not UTF-8 (line ${line}, column ${column}), and no other makes text of it; say it with encoding.`,
      evidence.firstBad,
    );
  }
  const encoding = guess.encoding === 'windows-1252' && !evidence.usesC1 ? 'latin-1' : guess.encoding;
  const doubt = guess.close === undefined ? '' : `; ${guess.close} is possible too`;
  warnings.add({
    code: 'encoding_guessed',
    message: `The file is not UTF-8 and was read as ${encoding}${doubt}: line ${line}, column ${column} is the first place that depends on it (say encoding if it is another)`,
    line,
  });
  return encoding;
};

const decideWithNuls = ({ length, nuls: [even, odd] }: Evidence): string => {
  // Western text in UTF-16 has a NUL in nearly every pair, always on the same side.
  if (length % 2 === 0 && odd > length * 0.2 && even < odd * 0.05) return 'utf-16le';
  if (length % 2 === 0 && even > length * 0.2 && odd < even * 0.05) return 'utf-16be';
  throw wrongType('not_text', 'The file is neither a known binary format nor text: it holds NUL bytes.');
};

/** A few bad bytes among many characters of several bytes that are well formed. */
const isMostlyUtf8 = ({ badBytes, multibyte }: Evidence): boolean => multibyte >= 3 && multibyte >= badBytes * 4;

const tellBadBytes = ({ badBytes, badPlaces }: Evidence, warnings: Warnings): void => {
  for (const { line, column } of badPlaces) {
    warnings.add({
      code: 'bad_bytes',
      message: `Line ${line}, column ${column} holds a byte that is no UTF-8; it became \ufffd`,
      line,
    });
  }
  if (badBytes > badPlaces.length) {
    warnings.add({
      code: 'bad_bytes',
      message: `${badBytes} bytes are no UTF-8; the first ${badPlaces.length} are listed`,
    });
  }
};

const transcode = async (
  path: string,
  target: string,
  encoding: string,
  skip: number,
  strict: boolean,
): Promise<void> => {
  const decoder = decoderOf(encoding, strict);
  try {
    await pipeline(
      createReadStream(path, { start: skip, highWaterMark: chunkSize }),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          const text = decoder.decode(chunk);
          if (text.includes('\0')) throw wrongType('not_text', 'The file is not text: it holds NUL characters.');
          yield text;
        }
        yield decoder.end();
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
