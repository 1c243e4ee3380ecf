import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Limits } from '../../limits.ts';
import { boundColumns } from '../column-names.ts';
import type { Layout } from '../layout/find-layout.ts';
import { footerStart, isEmptyRow, isSparse } from '../layout/footer.ts';
import { createWarnings, type Warnings } from '../warnings.ts';
import type { CsvDialect } from './dialect.ts';
import { layoutRow } from './layout-row.ts';
import { isBlank, readRecords } from './records.ts';
import { type CsvRecord, createTokenizer } from './tokenizer.ts';

/** The dialect that {@link normalizeCsv} writes. */
export const normalDialect: CsvDialect = { delimiter: ',', quote: '"', escape: '"', skipSpace: false };

export interface NormalizeOptions {
  readonly dialect: CsvDialect;
  readonly layout: Layout;
  /** Fields that a record ought to have. */
  readonly width: number;
  /** Rows at the end that are none; undefined: notes are found. */
  readonly skipFooter: number | undefined;
  /** Whether a row that starts with an empty field and has one too many is to be moved. */
  readonly fits: (fields: readonly string[]) => boolean;
}

/** Rewrites as {@link writeRows} does; where a row is wider than the table, all rows become as wide. */
export const normalizeCsv = async (
  path: string,
  target: string,
  options: NormalizeOptions,
  warnings: Warnings,
  limits: Limits,
): Promise<Written> => {
  const written = await writeRows(path, target, options, warnings, limits);
  const { widest } = written;
  if (widest > options.width) await writeRows(path, target, options, createWarnings(), limits, widest);
  return written;
};

export interface Written {
  /** Fields of the widest record. */
  readonly widest: number;
  readonly rows: number;
}

/**
 * Rewrites an irregular file without what is no row of its table: comments, titles, headers, notes. Every record has at
 * least `width` fields, short ones with missing values at their end; what was odd about each is reported with its line.
 */
const writeRows = async (
  path: string,
  target: string,
  options: NormalizeOptions,
  warnings: Warnings,
  limits: Limits,
  padding = options.width,
): Promise<Written> => {
  const { dialect, width } = options;
  const tokenizer = createTokenizer(dialect, width);
  const rows = createRowFilter(options, warnings);
  let widest = width;
  let rowCount = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const records of readRecords(path, tokenizer, limits)) yield written(records.flatMap(rows.take));
    yield written(rows.end());
  }
  const written = (records: readonly string[][]): string => {
    let block = '';
    rowCount += records.length;
    for (const fields of records) {
      if (fields.length > widest) {
        boundColumns(fields.length, limits.columns);
        widest = fields.length;
      }
      while (fields.length < padding) fields.push('');
      block += `${fields.map(quoted).join(',')}\n`;
    }
    return block;
  };
  await pipeline(Readable.from(lines()), createWriteStream(target));
  if (tokenizer.comments.count > 0) {
    warnings.add({
      code: 'comments',
      message: `${tokenizer.comments.count} lines that begin with ${dialect.comment} were left out as comments`,
    });
  }
  return { widest, rows: rowCount };
};

// A row whose only field is empty must not look like a blank line.
const quoted = (field: string, _index: number, { length }: readonly string[]) =>
  field === '' && length > 1 ? '' : `"${field.replaceAll('"', '""')}"`;

/** Takes the records of a file one after the other and gives the rows of its table. */
const createRowFilter = ({ layout, width, skipFooter, fits }: NormalizeOptions, warnings: Warnings) => {
  const header = layout.names?.join('\u001f');
  let place = 0;
  let above = layout.headerRows + layout.unitRows;
  let blank = 0;
  let repeated = 0;
  let pending: CsvRecord[] = [];

  const isRow = (record: CsvRecord): boolean => {
    place += 1;
    if (place <= layout.preamble) {
      if (!isBlank(record)) tell('preamble', record, 'stands before the table');
      return false;
    }
    if (width > 1 && isBlank(record)) {
      blank += 1;
      return false;
    }
    if (record.fields.length === 1 && record.fields[0] === '\u001a') return false;
    if (above > 0) {
      above -= 1;
      if (above < layout.unitRows) tell('units_row', record, 'holds the units of the columns');
      return false;
    }
    if (header !== undefined && width > 1 && record.fields.slice(0, width).join('\u001f') === header) {
      repeated += 1;
      return false;
    }
    return true;
  };

  const tell = (code: string, { fields, line }: CsvRecord, what: string) => {
    const text = fields.filter((field) => field !== '').join(' | ');
    warnings.add({ code, message: `Line ${line} ${what} and was left out: ${text.slice(0, 200)}`, line });
  };

  const take = (record: CsvRecord): string[][] => {
    if (!isRow(record)) return [];
    const isHeld = skipFooter === undefined ? isSparse(layoutRow(record.fields), width) : skipFooter > 0;
    if (isHeld) {
      pending.push(record);
      if (skipFooter === undefined || pending.length <= skipFooter) return [];
      return pending.splice(0, pending.length - skipFooter).map(complete);
    }
    const rows = [...pending, record].map(complete);
    pending = [];
    return rows;
  };

  const complete = (record: CsvRecord): string[] => {
    const { line, problem } = record;
    let { fields } = record;
    if (problem === 'stray') {
      warnings.add({
        code: 'stray_quote',
        message: `Line ${line} has a quote that is not doubled; it was read as a character`,
        line,
      });
    } else if (problem === 'swallowing') {
      warnings.add({
        code: 'stray_quote',
        message: `Line ${line} opens a quote that would swallow the rows under it; it was read as a character`,
        line,
      });
    }
    if (fields.length > width) {
      let end = fields.length;
      while (end > width && fields[end - 1] === '') end -= 1;
      fields = fields.slice(0, end);
    }
    if (fields.length === width + 1 && fields[0] === '' && fits(fields.slice(1))) {
      warnings.add({
        code: 'ragged_row',
        message: `Line ${line} has ${fields.length} fields instead of ${width}; the empty one before the others was left out`,
        line,
      });
      return fields.slice(1);
    }
    if (fields.length !== width) {
      warnings.add({
        code: 'ragged_row',
        message: `Line ${line} has ${fields.length} fields instead of ${width}`,
        line,
      });
    }
    return fields.length >= width ? fields : [...fields, ...new Array<string>(width - fields.length).fill('')];
  };

  const end = (): string[][] => {
    const rows = pending.map(({ fields }) => layoutRow(fields));
    const begins = skipFooter === undefined ? footerStart(rows, width) : 0;
    pending.slice(begins).forEach((record, index) => {
      const row = rows[begins + index];
      if (row !== undefined && isEmptyRow(row)) blank += 1;
      else tell('footer', record, 'stands under the table');
    });
    if (blank > 0) warnings.add({ code: 'blank_lines', message: `${blank} blank lines were left out` });
    if (repeated > 0) {
      warnings.add({
        code: 'repeated_header',
        message: `The header came again in ${repeated} rows, which were left out`,
      });
    }
    return pending.slice(0, begins).map(complete);
  };

  return { take, end };
};
