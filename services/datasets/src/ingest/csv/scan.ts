import type { Limits } from '../../limits.ts';
import { readPieces } from '../read-pieces.ts';
import type { Scan } from './dialect.ts';
import { rowTooLong } from './records.ts';

const lineFeed = 10;
const carriageReturn = 13;

/**
 * Reads a whole UTF-8 file once and counts how many fields each record has. A quote opens at the start of a field and closes
 * at a quote that is not doubled; quotes elsewhere are characters. Delimiter and quote are single ASCII characters.
 * @throws 422 `datasets.row_too_long`
 */
export const scanCsv = async (path: string, delimiter: string, quote: string, limits: Limits): Promise<Scan> => {
  const scanner = new Scanner(delimiter, quote, limits);
  for await (const chunk of readPieces(path)) {
    if (!scanner.feed(chunk)) break;
  }
  return scanner.finish();
};

const plain = 0;
const delimiterMark = 1;
const quoteMark = -1;
const lineFeedMark = -2;
const returnMark = -3;

/** The state between chunks. The loop over bytes is a function of its own without awaiting, which V8 makes fast. */
class Scanner {
  readonly #limits: Limits;
  /** By byte: plain, the delimiter, or one of the marks. */
  readonly #classes = new Int8Array(256);
  readonly #quoteByte: number;
  /** Delimiters of the current record. */
  #count = 0;
  readonly #widths = new Map<number, number>();
  readonly #lineEndings = { lf: 0, crlf: 0, cr: 0 };
  /** The delimiters of the last record, and how many in a row had the same; most records are like the one before. */
  #lastCount = 0;
  #sameInARow = 0;
  #records = 0;
  #blank = 0;
  #quoted = 0;
  #inside = 0;
  #multiline = 0;
  #quotedLine = 0;
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

  constructor(delimiter: string, quote: string, limits: Limits) {
    this.#limits = limits;
    this.#quoteByte = quote === '' ? -1 : quote.charCodeAt(0);
    this.#classes[delimiter.charCodeAt(0)] = delimiterMark;
    if (this.#quoteByte >= 0) this.#classes[this.#quoteByte] = quoteMark;
    this.#classes[lineFeed] = lineFeedMark;
    this.#classes[carriageReturn] = returnMark;
  }

  /** @returns whether more is worth reading */
  feed(chunk: Buffer): boolean {
    const { length } = chunk;
    const classes = this.#classes;
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
      } else if (kind === delimiterMark) {
        this.#count += 1;
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
          this.#quotedLine = this.#line;
          this.#openedAt = this.#place(index);
        } else {
          this.#inside += 1;
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
    return {
      records: this.#records,
      blank: this.#blank,
      lineEndings: this.#lineEndings,
      strayQuote: this.#strayQuote,
      openQuote: this.#inQuotes ? this.#openedAt : undefined,
      quoted: this.#quoted,
      inside: this.#inside,
      multiline: this.#multiline,
      widths: this.#widths,
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
        if (this.#line !== this.#quotedLine) this.#multiline += 1;
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
    this.#count = 0;
    this.#fieldStart = true;
    this.#afterQuote = false;
  }

  #addRecord(): void {
    if (this.#sameInARow > 0 && this.#count !== this.#lastCount) this.#countWidths();
    this.#lastCount = this.#count;
    this.#sameInARow += 1;
  }

  #countWidths(): void {
    if (this.#sameInARow === 0) return;
    // One more than allowed stands for all that are too wide.
    const width = Math.min(this.#lastCount, this.#limits.columns) + 1;
    this.#widths.set(width, (this.#widths.get(width) ?? 0) + this.#sameInARow);
    this.#sameInARow = 0;
  }
}
