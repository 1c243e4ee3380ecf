import type { Limits } from '../../limits.ts';
import { readPieces } from '../read-pieces.ts';
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
  const scanner = new Scanner(delimiters, quote, limits);
  for await (const chunk of readPieces(path)) {
    if (!scanner.feed(chunk)) break;
  }
  return scanner.finish();
};

const plain = 0;
const quoteMark = -1;
const lineFeedMark = -2;
const returnMark = -3;

/** The state between chunks. The loop over bytes is a function of its own without awaiting, which V8 makes fast. */
class Scanner {
  readonly #delimiters: readonly string[];
  readonly #limits: Limits;
  /** By byte: plain, 1..n for a delimiter, or one of the marks. */
  readonly #classes = new Int8Array(256);
  readonly #quoteByte: number;
  /** Delimiters of the current record. */
  readonly #counts: Int32Array;
  readonly #widths: readonly Map<number, number>[];
  readonly #firstWidth: number[] = [];
  readonly #lineEndings = { lf: 0, crlf: 0, cr: 0 };
  /** The widths of the last record, and how many in a row had the same; most records are like the one before. */
  readonly #lastCounts: Int32Array;
  #sameInARow = 0;
  #records = 0;
  #blank = 0;
  #quoted = 0;
  #line = 1;
  #lineStart = 0;
  #recordStart = 0;
  #offset = 0;
  #fieldStart = true;
  #inQuotes = false;
  #afterQuote = false;
  #afterReturn = false;
  #strayQuote: Scan['strayQuote'];
  #openedAt: Scan['openQuote'];

  constructor(delimiters: readonly string[], quote: string, limits: Limits) {
    this.#delimiters = delimiters;
    this.#limits = limits;
    this.#quoteByte = quote === '' ? -1 : quote.charCodeAt(0);
    delimiters.forEach((delimiter, index) => {
      this.#classes[delimiter.charCodeAt(0)] = index + 1;
    });
    if (this.#quoteByte >= 0) this.#classes[this.#quoteByte] = quoteMark;
    this.#classes[lineFeed] = lineFeedMark;
    this.#classes[carriageReturn] = returnMark;
    this.#counts = new Int32Array(delimiters.length + 1);
    this.#lastCounts = new Int32Array(delimiters.length + 1);
    this.#widths = delimiters.map(() => new Map());
  }

  /** @returns whether more is worth reading */
  feed(chunk: Buffer): boolean {
    const { length } = chunk;
    const classes = this.#classes;
    const counts = this.#counts;
    for (let index = 0; index < length; index += 1) {
      if (this.#inQuotes) {
        index = this.#skipQuoted(chunk, index);
        continue;
      }
      const kind = classes[chunk[index] as number] as number;
      if (this.#afterReturn) {
        this.#afterReturn = false;
        const end = this.#offset + index;
        if (kind === lineFeedMark) {
          this.#lineEndings.crlf += 1;
          this.#endLine(end - 1, end + 1);
          continue;
        }
        this.#lineEndings.cr += 1;
        this.#endLine(end - 1, end);
      }
      if (kind === plain) {
        if (this.#afterQuote) {
          this.#strayQuote ??= this.#place(index);
          this.#afterQuote = false;
        }
        this.#fieldStart = false;
        // Most bytes are nothing special.
        while (index + 1 < length && classes[chunk[index + 1] as number] === plain) index += 1;
      } else if (kind > 0) {
        counts[kind] = (counts[kind] as number) + 1;
        this.#fieldStart = true;
        this.#afterQuote = false;
      } else if (kind === quoteMark) {
        if (this.#afterQuote) {
          // A doubled quote: still inside.
          this.#afterQuote = false;
          this.#inQuotes = true;
        } else if (this.#fieldStart) {
          this.#inQuotes = true;
          this.#fieldStart = false;
          this.#quoted += 1;
          this.#openedAt = this.#place(index);
        }
      } else if (kind === lineFeedMark) {
        this.#lineEndings.lf += 1;
        this.#endLine(this.#offset + index, this.#offset + index + 1);
      } else {
        this.#afterReturn = true;
      }
    }
    this.#offset += length;
    if (this.#offset - this.#recordStart <= this.#limits.rowBytes) return true;
    if (this.#inQuotes) return false;
    throw rowTooLong(this.#line, this.#limits);
  }

  finish(): Scan {
    if (this.#afterReturn) {
      this.#lineEndings.cr += 1;
      this.#endRecord(this.#offset - 1);
    } else if (this.#offset > this.#recordStart && !this.#inQuotes) {
      this.#endRecord(this.#offset);
    }
    this.#countWidths();
    const delimiters = this.#delimiters;
    return {
      records: this.#records,
      blank: this.#blank,
      lineEndings: this.#lineEndings,
      strayQuote: this.#strayQuote,
      openQuote: this.#inQuotes ? this.#openedAt : undefined,
      quoted: this.#quoted,
      widths: new Map(delimiters.map((delimiter, index) => [delimiter, this.#widths[index] ?? new Map()])),
      firstWidth: new Map(delimiters.map((delimiter, index) => [delimiter, this.#firstWidth[index] ?? 0])),
    };
  }

  /** Goes to the quote that closes, or to the end of the chunk. @returns the last place that is done with */
  #skipQuoted(chunk: Buffer, from: number): number {
    const quoteByte = this.#quoteByte;
    for (let index = from; index < chunk.length; index += 1) {
      const byte = chunk[index] as number;
      if (byte === quoteByte) {
        this.#inQuotes = false;
        this.#afterQuote = true;
        return index;
      }
      if (byte === lineFeed) {
        this.#line += 1;
        this.#lineStart = this.#offset + index + 1;
      }
    }
    return chunk.length - 1;
  }

  #place(index: number) {
    return { line: this.#line, column: this.#offset + index - this.#lineStart + 1 };
  }

  #endLine(end: number, next: number): void {
    this.#endRecord(end);
    this.#line += 1;
    this.#recordStart = next;
    this.#lineStart = next;
  }

  #endRecord(end: number): void {
    this.#records += 1;
    const bytes = end - this.#recordStart;
    if (bytes === 0) this.#blank += 1;
    else this.#addRecord();
    if (bytes > this.#limits.rowBytes) throw rowTooLong(this.#line, this.#limits);
    this.#counts.fill(0);
    this.#fieldStart = true;
    this.#afterQuote = false;
  }

  #addRecord(): void {
    const counts = this.#counts;
    const last = this.#lastCounts;
    let same = this.#sameInARow > 0;
    for (let index = 1; same && index < counts.length; index += 1) same = counts[index] === last[index];
    if (!same) {
      this.#countWidths();
      last.set(counts);
    }
    this.#sameInARow += 1;
  }

  #countWidths(): void {
    if (this.#sameInARow === 0) return;
    this.#widths.forEach((ofWidth, index) => {
      // One more than allowed stands for all that are too wide.
      const width = Math.min(this.#lastCounts[index + 1] ?? 0, this.#limits.columns) + 1;
      ofWidth.set(width, (ofWidth.get(width) ?? 0) + this.#sameInARow);
      if (this.#firstWidth.length <= index) this.#firstWidth.push(width);
    });
    this.#sameInARow = 0;
  }
}

const rowTooLong = (line: number, limits: Limits) =>
  unreadable('row_too_long', `The row that begins near line ${line} is longer than ${limits.rowBytes} bytes.`, {
    line,
    maximum: limits.rowBytes,
  });
