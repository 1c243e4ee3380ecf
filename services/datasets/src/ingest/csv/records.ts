import { createReadStream } from 'node:fs';
import type { Limits } from '../../limits.ts';
import { unreadable } from '../refuse.ts';
import type { CsvDialect } from './dialect.ts';
import { type CsvRecord, createTokenizer, type Tokenizer } from './tokenizer.ts';

/**
 * The records of a UTF-8 file, in pieces. `tokenizer` is the caller's, who may ask it afterwards for what it saw.
 * @throws 422 `datasets.row_too_long`, `datasets.unclosed_quote`
 */
export async function* readRecords(path: string, tokenizer: Tokenizer, limits: Limits): AsyncGenerator<CsvRecord[]> {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 2 ** 18 });
  let line = 1;
  for await (const piece of stream as AsyncIterable<string>) {
    const records = tokenizer.push(piece, false);
    line = records.at(-1)?.line ?? line;
    if (tokenizer.waiting > limits.rowBytes) throw rowTooLong(line, limits);
    yield records;
  }
  yield tokenizer.push('', true);
  if (tokenizer.open !== undefined) throw unclosedQuote(tokenizer.open);
}

/** Cuts a text that is in memory. */
export const recordsOf = (text: string, dialect: CsvDialect, width = 0): CsvRecord[] =>
  createTokenizer(dialect, width).push(text, true);

/** Whether a record is a line without a character. */
export const isBlank = ({ fields }: Pick<CsvRecord, 'fields'>): boolean => fields.length === 1 && fields[0] === '';

export const unclosedQuote = (place: { line: number; column: number }) =>
  unreadable(
    'unclosed_quote',
    `The quote that opens in line ${place.line}, column ${place.column} is never closed.`,
    place,
  );

export const rowTooLong = (line: number, limits: Limits) =>
  unreadable('row_too_long', `The row that begins near line ${line} is longer than ${limits.rowBytes} bytes.`, {
    line,
    maximum: limits.rowBytes,
  });
