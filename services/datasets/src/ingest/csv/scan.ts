import { createReadStream } from 'node:fs';
import type { Limits } from '../../limits.ts';
import { unreadable } from '../refuse.ts';
import type { Scan } from './dialect.ts';

const lineFeed = 10;
const carriageReturn = 13;

/**
 * Reads a whole UTF-8 file once and counts, for every candidate delimiter at once, how many fields each record has.
 * A quote opens at the start of a field and closes at a quote that is not doubled; quotes elsewhere are characters.
 * Delimiters and quotes are single ASCII characters.
 * @throws 422 `datasets.row_too_long`
 */
export const scanCsv = async (
  path: string,
  delimiters: readonly string[],
  quote: string,
  limits: Limits,
): Promise<Scan> => {
  const quoteByte = quote === '' ? -1 : quote.charCodeAt(0);
  // 0: nothing special; 1..n: a delimiter; negative: quote, line feed, carriage return.
  const classes = new Int8Array(256);
  delimiters.forEach((delimiter, index) => {
    classes[delimiter.charCodeAt(0)] = index + 1;
  });
  if (quoteByte >= 0) classes[quoteByte] = -1;
  classes[lineFeed] = -2;
  classes[carriageReturn] = -3;

  const counts = new Int32Array(delimiters.length + 1);
  const widths = delimiters.map(() => new Map<number, number>());
  const firstWidth: number[] = [];
  const lineEndings = { lf: 0, crlf: 0, cr: 0 };
  let records = 0;
  let blank = 0;
  let quoted = 0;
  let line = 1;
  let lineStart = 0;
  let recordStart = 0;
  let offset = 0;
  let fieldStart = true;
  let inQuotes = false;
  let afterQuote = false;
  let afterReturn = false;
  let strayQuote: Scan['strayQuote'];
  let openedAt: Scan['openQuote'];

  const endRecord = (position: number) => {
    records += 1;
    if (position === recordStart) {
      blank += 1;
    } else {
      for (let index = 0; index < delimiters.length; index += 1) {
        // One more than allowed stands for all that are too wide.
        const width = Math.min(counts[index + 1] ?? 0, limits.columns) + 1;
        const map = widths[index];
        map?.set(width, (map.get(width) ?? 0) + 1);
        if (firstWidth.length <= index) firstWidth.push(width);
      }
    }
    if (position - recordStart > limits.rowBytes) throw rowTooLong(line, limits);
    counts.fill(0);
    fieldStart = true;
    afterQuote = false;
  };

  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    const { length } = chunk;
    for (let index = 0; index < length; index += 1) {
      const byte = chunk[index] as number;
      const kind = classes[byte] as number;
      if (inQuotes) {
        if (byte === quoteByte) {
          inQuotes = false;
          afterQuote = true;
        } else if (byte === lineFeed) {
          line += 1;
          lineStart = offset + index + 1;
        }
        continue;
      }
      if (kind === 0) {
        if (afterReturn) {
          lineEndings.cr += 1;
          afterReturn = false;
          endRecord(offset + index - 1);
          line += 1;
          recordStart = offset + index;
          lineStart = recordStart;
        }
        if (afterQuote) {
          strayQuote ??= { line, column: offset + index - lineStart + 1 };
          afterQuote = false;
        }
        fieldStart = false;
        continue;
      }
      if (afterReturn) {
        afterReturn = false;
        const end = offset + index - 1;
        if (byte === lineFeed) {
          lineEndings.crlf += 1;
          endRecord(end);
          line += 1;
          recordStart = offset + index + 1;
          lineStart = recordStart;
          continue;
        }
        lineEndings.cr += 1;
        endRecord(end);
        line += 1;
        recordStart = offset + index;
        lineStart = recordStart;
      }
      if (kind > 0) {
        counts[kind] = (counts[kind] as number) + 1;
        fieldStart = true;
        afterQuote = false;
      } else if (kind === -1) {
        if (afterQuote) {
          // A doubled quote: still inside.
          afterQuote = false;
          inQuotes = true;
        } else if (fieldStart) {
          inQuotes = true;
          fieldStart = false;
          quoted += 1;
          openedAt = { line, column: offset + index - lineStart + 1 };
        }
      } else if (kind === -2) {
        lineEndings.lf += 1;
        endRecord(offset + index);
        line += 1;
        recordStart = offset + index + 1;
        lineStart = recordStart;
      } else {
        afterReturn = true;
      }
    }
    offset += length;
    if (offset - recordStart > limits.rowBytes) {
      if (inQuotes && openedAt) break;
      throw rowTooLong(line, limits);
    }
  }
  if (afterReturn) {
    lineEndings.cr += 1;
    endRecord(offset - 1);
  } else if (offset > recordStart && !inQuotes) {
    endRecord(offset);
  }
  return {
    records,
    blank,
    lineEndings,
    strayQuote,
    openQuote: inQuotes ? openedAt : undefined,
    quoted,
    widths: new Map(delimiters.map((delimiter, index) => [delimiter, widths[index] ?? new Map()])),
    firstWidth: new Map(delimiters.map((delimiter, index) => [delimiter, firstWidth[index] ?? 0])),
  };
};

const rowTooLong = (line: number, limits: Limits) =>
  unreadable('row_too_long', `The row that begins near line ${line} is longer than ${limits.rowBytes} bytes.`, {
    line,
    maximum: limits.rowBytes,
  });
