import type { WineSeries } from '@vindima/contracts';
import { decode } from './decode.ts';
import { type Layout, readLayout } from './header.ts';
import { type Line, splitLines } from './lines.ts';
import { type BareRow, type Place, placeRows } from './sections.ts';
import { type Row, type SeriesTable, yearsOf } from './table.ts';
import { unusable } from './unusable.ts';
import { readValue } from './value.ts';
import { createWarnings, quote, type Warnings } from './warnings.ts';

/** The last good data of a series, to judge the new against. */
export interface Previous {
  readonly rows: number;
  readonly lastYear: number;
}

/** Rows may be dropped by the site, but hardly a fifth of them. */
const sharpFall = 0.8;
const footnoteMark = /^(.*\S)\s*\((\d+)\)$/;
const totalName = /^total( geral)?$/i;

/**
 * How many cells a whole row has. Rows may all lack the last year of the header (it was published before its figures); the
 * last row alone being short means that the file was cut.
 *
 * @throws ServiceError `wine.unusable_file`
 */
const judgeWidths = (file: string, layout: Layout, endsWithNewline: boolean, warnings: Warnings): number => {
  const { rows, width, columns } = layout;
  const widest = Math.min(width, Math.max(...rows.map((row) => row.cells.length)));
  const last = rows.at(-1);
  const cut = (message: string) => unusable(file, 'cut_short', message, { line: last?.number });
  if (last !== undefined && last.cells.length < (endsWithNewline || rows.length > 1 ? widest : width)) {
    throw cut(`it was cut short: line ${last.number} has ${last.cells.length} of ${width} cells.`);
  }
  if (widest < width) {
    const filled = columns.filter((column) => column.cell < widest).length;
    if (filled * 2 < columns.length) {
      throw unusable(file, 'rows_unlike_header', `its rows have ${widest} cells and its header ${width}.`);
    }
    const line = (rows[0]?.number ?? 2) - 1;
    const message = `The header has ${width} cells and the rows ${widest}; there are no figures for the rest.`;
    warnings.add('header_longer_than_rows', Math.max(line, 1), widest + 1, message);
  }
  return widest;
};

/** Where commas are between cells, those in names and numbers have to be quoted: nobody can tell one from the other. */
const refuseStrayCommas = (file: string, { rows, width }: Layout) => {
  const row = rows.find(({ cells }) => cells.length > width);
  if (row === undefined) return;
  const message = `its cells are apart by commas, and line ${row.number} has a comma in a name or a number, without quotation marks.`;
  throw unusable(file, 'stray_commas', message, { line: row.number });
};

/** @returns how many of the row's cells can be trusted to be in their place. */
const judgeWidth = (row: Line, layout: Layout, usual: number, warnings: Warnings): number => {
  const { length } = row.cells;
  if (length > layout.width) {
    if (row.cells.slice(layout.width).every((cell) => cell.trim() === '')) {
      warnings.add('long_row', row.number, layout.width + 1, 'Empty cells behind the last column were left out.');
      return layout.width;
    }
    const message = `The line has ${length} cells and the header ${layout.width}; none of its figures can be placed.`;
    warnings.add('misaligned_row', row.number, layout.width + 1, message);
    return 0;
  }
  if (length < usual) {
    warnings.add('short_row', row.number, length + 1, `The line has ${length} of ${usual} cells; the rest is missing.`);
  }
  return length;
};

/** Reports what is there twice. Neither ids nor controls are unique or stable, so nothing depends on them. */
const createDuplicates = (warnings: Warnings) => {
  const seen = new Map<string, number>();
  return (
    code: 'duplicate_id' | 'duplicate_control' | 'duplicate_name',
    text: string,
    line: number,
    column: number,
  ) => {
    const first = seen.get(`${code} ${text}`);
    if (first === undefined) seen.set(`${code} ${text}`, line);
    else warnings.add(code, line, column, `${quote(text)} is in line ${first} already.`);
  };
};

const readRows = (series: WineSeries, layout: Layout, warnings: Warnings) => {
  const duplicate = createDuplicates(warnings);
  const kept: { readonly line: Line; readonly bare: BareRow }[] = [];
  for (const line of layout.rows) {
    const cell = (index: number | undefined) => (index === undefined ? '' : (line.cells[index] ?? '').trim());
    const label = cell(layout.name);
    if (label === '') {
      warnings.add('missing_name', line.number, layout.name + 1, 'A row without a name was left out.');
      continue;
    }
    if (layout.id !== undefined) {
      const id = cell(layout.id);
      if (/^\d+$/.test(id)) duplicate('duplicate_id', id, line.number, layout.id + 1);
      else warnings.add('invalid_id', line.number, layout.id + 1, `${quote(id)} is no id; the row was kept.`);
    }
    const control = cell(layout.control) || null;
    if (control !== null) duplicate('duplicate_control', control, line.number, (layout.control ?? 0) + 1);
    if (series.hierarchy === 'countries') duplicate('duplicate_name', label, line.number, layout.name + 1);
    kept.push({ line, bare: { line: line.number, control, label, name: footnoteMark.exec(label)?.[1] ?? label } });
  }
  if (kept.length === 0) throw unusable(series.file, 'no_rows', 'it has no rows.');
  return kept;
};

/** Countries are a flat list, unless the site adds the total that its web pages show. */
const placeCountries = (rows: readonly BareRow[], nameColumn: number, warnings: Warnings): Place[] =>
  rows.map(({ name, line }) => {
    const isTotal = totalName.test(name);
    if (isTotal) warnings.add('total_row', line, nameColumn, `${quote(name)} was read as the total of the other rows.`);
    return { section: null, isTotal };
  });

const compare = (table: SeriesTable, endsWithNewline: boolean, previous: Previous | undefined, warnings: Warnings) => {
  const rows = table.rows.length;
  const last = table.rows.at(-1)?.line ?? 1;
  if (!endsWithNewline) {
    if (previous !== undefined && rows < previous.rows) {
      const message = `it was cut short: it ends without a line end after ${rows} rows, and there were ${previous.rows}.`;
      throw unusable(table.series.file, 'cut_short', message, { line: last });
    }
    warnings.add('no_final_newline', last, 1, 'The last line does not end; its last figure may be incomplete.');
  }
  if (previous === undefined) return;
  if (rows < previous.rows * sharpFall) {
    warnings.add('fewer_rows', last, 1, `There are ${rows} rows, and there were ${previous.rows}.`);
  }
  const { last: lastYear } = yearsOf(table);
  if (lastYear < previous.lastYear) {
    warnings.add('fewer_years', 1, 1, `The last year is ${lastYear}, and it was ${previous.lastYear}.`);
  }
};

/**
 * Reads one of VitiBrasil's files into a long table. It decides by what the file says, never by its name: delimiter, header,
 * columns and sections change between files and vintages. The catalogue only tells the measures and their order. What was
 * repaired or could not be placed is a warning with line and column.
 *
 * @param bytes the file as it was fetched
 * @param previous the last good data, if any: helps to tell whether the file was cut
 * @throws ServiceError 502 `wine.unusable_file`; `details.reason` is an `UnusableReason`.
 */
export const parse = (series: WineSeries, bytes: Uint8Array, previous?: Previous): SeriesTable => {
  const warnings = createWarnings(series.file);
  const { lines, delimiter, endsWithNewline } = splitLines(decode(series.file, bytes, warnings), warnings);
  const layout = readLayout(series, lines, warnings);
  if (delimiter === ',') refuseStrayCommas(series.file, layout);
  const usual = judgeWidths(series.file, layout, endsWithNewline, warnings);
  const kept = readRows(series, layout, warnings);
  const { columns } = layout;
  const values = new Float64Array(kept.length * columns.length).fill(Number.NaN);
  const missing = new Uint8Array(kept.length * columns.length);
  for (const [index, { line }] of kept.entries()) {
    const trusted = judgeWidth(line, layout, usual, warnings);
    for (const [column, { cell }] of columns.entries()) {
      const position = index * columns.length + column;
      const text = line.cells[cell];
      if (cell >= trusted || text === undefined) {
        missing[position] = line.cells.length > layout.width ? 7 : 6;
        continue;
      }
      const { value, missing: reason, warning } = readValue(text);
      values[position] = value;
      missing[position] = reason;
      if (warning !== undefined) warnings.add(warning.code, line.number, cell + 1, warning.message);
    }
  }
  const bare = kept.map((row) => row.bare);
  const numbers = { control: layout.control === undefined ? undefined : layout.control + 1, name: layout.name + 1 };
  const figure = (row: number, column: number) => values[row * columns.length + column] ?? Number.NaN;
  const places =
    series.hierarchy === 'countries'
      ? placeCountries(bare, numbers.name, warnings)
      : placeRows(bare, columns.length, figure, numbers, warnings);
  const rows = bare.map((row, index): Row => {
    const place = places[index] ?? { section: null, isTotal: false };
    const footnote = footnoteMark.exec(row.label)?.[2] ?? null;
    const country = series.hierarchy === 'countries' && !place.isTotal ? row.name : null;
    const cell = (at: number | undefined) => (at === undefined ? null : (kept[index]?.line.cells[at] ?? ''));
    const cells = { id: cell(layout.id), control: cell(layout.control), name: cell(layout.name) ?? '' };
    return { ...row, ...place, number: index + 1, footnote, country, cells };
  });
  const table = { series, rows, columns, labels: layout.labels, values, missing };
  compare({ ...table, warnings: [] }, endsWithNewline, previous, warnings);
  return { ...table, warnings: warnings.all() };
};
