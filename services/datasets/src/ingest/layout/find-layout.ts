import { headerEvidence, isHeaderRow, type LayoutRow } from './header.ts';

/** Where a table is among the rows of a file. */
export interface Layout {
  /** Rows before the header, or before the first row, that belong to no table. */
  readonly preamble: number;
  /** Rows that name the columns. */
  readonly headerRows: number;
  /** Rows of units under the header. */
  readonly unitRows: number;
  /** Where there is a header: the names as they stand there, joined where several rows hold them. */
  readonly names: readonly string[] | undefined;
}

export interface LayoutOptions {
  readonly header?: boolean | undefined;
  /** Rows from 1 that hold the names, counted among all rows. */
  readonly headerRow?: readonly number[] | undefined;
}

const searched = 60;
const looked = 200;

/** The last cell with a value, plus one. */
export const filledWidth = ({ looks }: LayoutRow): number => {
  for (let index = looks.length - 1; index >= 0; index -= 1) if (looks[index] !== 'empty') return index + 1;
  return 0;
};
const filledCells = ({ looks }: LayoutRow): number => looks.filter((look) => look !== 'empty').length;

/** Finds title rows, header, second header rows and units at the beginning of a table of `width` columns. */
export const findLayout = (rows: readonly LayoutRow[], width: number, options: LayoutOptions = {}): Layout => {
  if (options.headerRow !== undefined) return givenHeader(rows, width, options.headerRow);
  const start = options.header === false ? 0 : firstFullRow(rows, width);
  const head = rows[start];
  if (head === undefined) return { preamble: 0, headerRows: 0, unitRows: 0, names: undefined };
  const below = rows.slice(start + 1, start + 1 + looked).filter((row) => filledCells(row) > 0 && !isSame(row, head));
  const second = below[0];
  const rest = below.slice(1);
  if (options.header !== false && second !== undefined && rest.length > 0) {
    const twofold = isTwofold(head, second, rest, width);
    if (twofold) return { preamble: start, headerRows: 2, unitRows: 0, names: joinedNames([head, second], width) };
    if (isUnits(head, second, rest, width)) {
      return { preamble: start, headerRows: 1, unitRows: 1, names: namesOf(head, width) };
    }
  }
  if (options.header ?? isHeaderRow(head, below, width)) {
    return { preamble: start, headerRows: 1, unitRows: 0, names: namesOf(head, width) };
  }
  // Without a header nothing says that the first rows are no part of the table.
  return { preamble: 0, headerRows: 0, unitRows: 0, names: undefined };
};

/** A header that comes again among the rows. */
const isSame = (row: LayoutRow, other: LayoutRow): boolean =>
  row.cells.length === other.cells.length && row.cells.every((cell, index) => cell === other.cells[index]);

const givenHeader = (rows: readonly LayoutRow[], width: number, places: readonly number[]): Layout => {
  const chosen = places.flatMap((place) => rows[place - 1] ?? []);
  const last = Math.max(0, ...places);
  return { preamble: last - places.length, headerRows: places.length, unitRows: 0, names: joinedNames(chosen, width) };
};

/** The first row that is as wide as the table; those before it hold a title, notes, or a name and its value. */
const firstFullRow = (rows: readonly LayoutRow[], width: number): number => {
  if (width < 2) return 0;
  const usual = median(
    rows
      .slice(0, looked)
      .map(filledWidth)
      .filter((one) => one > 0),
  );
  const enough = Math.max(2, Math.ceil(Math.min(usual, width) * 0.6));
  const start = rows.slice(0, searched).findIndex((row) => filledWidth(row) >= enough);
  if (start <= 0) return 0;
  const before = rows.slice(0, start);
  const sparse = before.every(
    (row) => filledCells(row) <= Math.max(1, Math.floor(width / 2)) && row.looks.every(isLabel),
  );
  return sparse ? start : 0;
};

const isLabel = (look: LayoutRow['looks'][number], index: number): boolean => index > 0 || look !== 'number';

/** A first header row with blank or repeated names, and a second one that tells them apart. */
const isTwofold = (head: LayoutRow, second: LayoutRow, rest: readonly LayoutRow[], width: number): boolean => {
  const names = namesOf(head, width);
  const present = names.filter((name) => name !== '');
  const grouped = present.length < width || new Set(present).size < present.length;
  if (!grouped || !second.looks.every((look) => look === 'text' || look === 'empty' || look === 'date')) return false;
  const joined = joinedNames([head, second], width);
  if (new Set(joined).size <= new Set(names).size) return false;
  const evidence = headerEvidence(second, rest, width);
  return evidence.for >= 1 && evidence.against === 0;
};

const longestUnit = 12;

const isUnits = (head: LayoutRow, second: LayoutRow, rest: readonly LayoutRow[], width: number): boolean => {
  if (!isHeaderRow(head, rest, width)) return false;
  const columns = Array.from({ length: width }, (_, index) => index);
  const numeric = columns.filter((index) => {
    const values = rest
      .map(({ looks }) => looks[index] ?? 'empty')
      .filter((look) => look !== 'empty' && look !== 'word');
    return values.length > 0 && values.every((look) => look === 'number' || look === 'date' || look === 'time');
  });
  const units = numeric.filter((index) => second.looks[index] === 'text');
  return (
    rest.length > 1 &&
    numeric.length > 0 &&
    units.length >= Math.max(1, Math.ceil(numeric.length / 2)) &&
    numeric.every((index) => (second.looks[index] ?? 'empty') === 'text' || second.looks[index] === 'empty') &&
    second.cells.every((cell) => cell.trim().length <= longestUnit)
  );
};

const namesOf = ({ cells }: LayoutRow, width: number): string[] =>
  Array.from({ length: width }, (_, index) => cells[index] ?? '');

/** The names of several header rows; a blank in a row above others belongs to the group on its left. */
const joinedNames = (rows: readonly LayoutRow[], width: number): string[] => {
  const parts = rows.map((row, place) => {
    let group = '';
    return namesOf(row, width).map((name, index) => {
      if (name.trim() !== '') group = name.trim();
      const isGroup = place < rows.length - 1 && index > 0 && (rows.at(-1)?.cells[index] ?? '').trim() !== '';
      return name.trim() === '' && isGroup ? group : name.trim();
    });
  });
  return Array.from({ length: width }, (_, index) =>
    parts
      .map((part) => part[index] ?? '')
      .filter((part, place, all) => part !== '' && part !== all[place - 1])
      .join(' '),
  );
};

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
