import type { WineSeries } from '@vindima/contracts';
import type { Line } from './lines.ts';
import type { Labels, YearColumn } from './table.ts';
import { fold } from './text.ts';
import { unusable } from './unusable.ts';
import { readValue } from './value.ts';
import { quote, type Warnings } from './warnings.ts';
import { readYearLabel } from './year-label.ts';
import { placeYears } from './years.ts';

/** Where in a line what is. Indexes of cells, from 0; undefined where the file has no such column. */
export interface Layout {
  readonly id: number | undefined;
  readonly control: number | undefined;
  readonly name: number;
  readonly labels: Labels;
  readonly columns: readonly YearColumn[];
  /** How many cells the header has. */
  readonly width: number;
  /** The lines that are rows. */
  readonly rows: readonly Line[];
}

/** What the files call the column of the names, by what the names are. */
const nameLabels = new Map<string, 'sections' | 'countries'>([
  ['produto', 'sections'],
  ['cultivar', 'sections'],
  ['pais', 'countries'],
]);

/** The year of the first figures in every vintage known so far, for files without a header. */
const firstYear = 1970;
/** A file without a header must at least have so many years, or it is something else. */
const fewestYears = 10;

const labelledLayout = (series: WineSeries, header: Line, rows: readonly Line[], warnings: Warnings): Layout => {
  const { file } = series;
  const labels = header.cells.map((cell) => cell.trim());
  const years = labels.flatMap((label, cell) => readYearLabel(label, cell) ?? []);
  const isYear = (label: string) => readYearLabel(label, 0) !== undefined;
  if (years.length === 0)
    throw unusable(file, 'no_year_columns', 'its header has no year columns.', { line: header.number });
  const found: { id?: number; control?: number; names: number[] } = { names: [] };
  const firstYearCell = years[0]?.cell ?? 0;
  for (const [cell, label] of labels.entries()) {
    const folded = fold(label);
    if (isYear(label)) continue;
    if (folded === 'id' && found.id === undefined) found.id = cell;
    else if (folded === 'control' && found.control === undefined) found.control = cell;
    else if (label !== '' && (nameLabels.has(folded) || cell < firstYearCell)) found.names.push(cell);
    else if (label === '')
      warnings.add('unnamed_column', header.number, cell + 1, 'A column without a label was left out.');
    else warnings.add('unknown_column', header.number, cell + 1, `The column ${quote(label)} was left out.`);
  }
  const name = found.names.find((cell) => nameLabels.has(fold(labels[cell] ?? ''))) ?? found.names[0];
  if (name === undefined)
    throw unusable(file, 'no_name_column', 'its header has no column for the names.', { line: header.number });
  for (const cell of found.names.filter((candidate) => candidate !== name)) {
    warnings.add('unknown_column', header.number, cell + 1, `The column ${quote(labels[cell] ?? '')} was left out.`);
  }
  const kind = nameLabels.get(fold(labels[name] ?? ''));
  if (kind !== (series.hierarchy === 'countries' ? 'countries' : 'sections')) {
    const message = `The column of the names is called ${quote(labels[name] ?? '')}, which is unusual for this series.`;
    warnings.add('unexpected_name_column', header.number, name + 1, message);
  }
  const columns = placeYears(years, series.measures, header.number, warnings);
  if (columns.length === 0) {
    throw unusable(
      file,
      'no_year_columns',
      `its header does not have ${series.measures.length} columns for any year.`,
      { line: header.number },
    );
  }
  const labelOf = (cell: number | undefined) => (cell === undefined ? null : (labels[cell] ?? null));
  const names: Labels = { id: labelOf(found.id), control: labelOf(found.control), name: labels[name] ?? '' };
  return { id: found.id, control: found.control, name, labels: names, columns, width: labels.length, rows };
};

/** The oldest vintages begin with the first row: id, one or two texts, then the figures from 1970 on. */
const assumedLayout = (series: WineSeries, rows: readonly Line[], warnings: Warnings): Layout => {
  const { file, measures } = series;
  const width = Math.max(...rows.map((row) => row.cells.length));
  const isText = (cell: number) => rows.some((row) => readValue(row.cells[cell] ?? '').missing === 7);
  let first = 1;
  while (first < width && isText(first)) first += 1;
  const figures = width - first;
  if (first < 2 || first > 3 || figures % measures.length !== 0 || figures < fewestYears * measures.length) {
    throw unusable(file, 'no_year_columns', 'it has no header with year columns, and its rows do not tell them.');
  }
  const last = firstYear + figures / measures.length - 1;
  const line = rows[0]?.number ?? 1;
  warnings.add('missing_header', line, 1, `There is no header; the years were taken to be ${firstYear} to ${last}.`);
  const columns = Array.from({ length: figures }, (_, index): YearColumn[] => {
    const year = firstYear + Math.floor(index / measures.length);
    const measure = measures[index % measures.length];
    return measure === undefined ? [] : [{ cell: first + index, label: String(year), year, measure }];
  }).flat();
  const control = first === 3 ? 1 : undefined;
  // What the vintages with a header say.
  const labels: Labels =
    series.hierarchy === 'countries'
      ? { id: 'Id', control: null, name: 'País' }
      : { id: 'id', control: control === undefined ? null : 'control', name: 'produto' };
  return { id: 0, control, name: first - 1, labels, columns, width, rows };
};

/**
 * Finds out what the columns are, from the header or, where there is none, from the rows. A line that begins with a number is
 * a row: ids are numbers.
 *
 * @throws ServiceError `wine.unusable_file` without year columns, names or rows.
 */
export const readLayout = (series: WineSeries, lines: readonly Line[], warnings: Warnings): Layout => {
  const [first, ...rest] = lines;
  if (first === undefined) throw unusable(series.file, 'empty', 'it is empty.');
  if (/^\d+$/.test(first.cells[0]?.trim() ?? '')) return assumedLayout(series, lines, warnings);
  const layout = labelledLayout(series, first, rest, warnings);
  if (rest.length === 0) throw unusable(series.file, 'no_rows', 'it has a header and no rows.');
  return layout;
};
