import { isUpperCase } from './text.ts';
import { quote, type Warnings } from './warnings.ts';

/** A row before it is known what it belongs to. */
export interface BareRow {
  readonly line: number;
  /** Null where the file has no such column, or nothing in it. */
  readonly control: string | null;
  readonly label: string;
  readonly name: string;
}

export interface Place {
  readonly section: string | null;
  readonly isTotal: boolean;
}

/** The files' own columns, for the warnings; from 1. */
interface ColumnNumbers {
  readonly control: number | undefined;
  readonly name: number;
}

/** `ti_Bordo`: a child. The prefix does not tell of which section: the site mixes them up. */
const childControl = /^[a-z]{2}_/;
/** `sc`: a row that stands for a whole file without sections. */
const bareCode = /^[a-z]{2}$/;

/**
 * @param figure value of a row in a year column, NaN when missing
 * @returns whether the rows below a supposed header add up to clearly more than it in most of the years.
 */
const contradicts = (
  header: number,
  below: readonly number[],
  columns: number,
  figure: (row: number, column: number) => number,
) => {
  let known = 0;
  let against = 0;
  for (let column = 0; column < columns; column++) {
    const total = figure(header, column);
    const sum = below.reduce((before, row) => before + (figure(row, column) || 0), 0);
    if (Number.isNaN(total) || (total === 0 && sum === 0)) continue;
    known += 1;
    if (sum > total * 1.01 + 1) against += 1;
  }
  return against * 2 > known;
};

/** Without the control column only capitals set a header apart, and there are cultivars in capitals: the figures decide. */
const headersByCase = (
  rows: readonly BareRow[],
  columns: number,
  figure: (row: number, column: number) => number,
  numbers: ColumnNumbers,
  warnings: Warnings,
): boolean[] => {
  const headers = rows.map((row) => isUpperCase(row.name));
  let below: number[] = [];
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index];
    if (row !== undefined && headers[index] === true) {
      const first = headers.indexOf(true) === index;
      if (!first && below.length > 0 && contradicts(index, below, columns, figure)) {
        headers[index] = false;
        const message = `${quote(row.name)} is in capitals like a section, but the rows below it add up to more; read as one of them.`;
        warnings.add('upper_case_row', row.line, numbers.name, message);
      } else {
        below = [];
        continue;
      }
    }
    below.push(index);
  }
  const line = rows[0]?.line ?? 1;
  warnings.add(
    'sections_by_case',
    line,
    numbers.name,
    'There is no control column; names in capitals were read as sections.',
  );
  return headers;
};

const headersByControl = (rows: readonly BareRow[], numbers: ColumnNumbers, warnings: Warnings): boolean[] =>
  rows.map(({ control, line, label }) => {
    if (control !== null) return !childControl.test(control) && !bareCode.test(control);
    const header = isUpperCase(label);
    const message = `${quote(label)} has no control; by its letters it was read as ${header ? 'a section' : 'part of one'}.`;
    warnings.add('missing_control', line, numbers.control ?? 1, message);
    return header;
  });

/**
 * Finds the section of every row, and which rows are totals: a header is the total of the rows below it, up to the next one.
 * A header with nothing below is a figure of its own and no total, so that leaving totals out never leaves a figure out.
 */
export const placeRows = (
  rows: readonly BareRow[],
  columns: number,
  figure: (row: number, column: number) => number,
  numbers: ColumnNumbers,
  warnings: Warnings,
): Place[] => {
  const headers =
    numbers.control === undefined
      ? headersByCase(rows, columns, figure, numbers, warnings)
      : headersByControl(rows, numbers, warnings);
  let section: string | null = null;
  return rows.map((row, index) => {
    const isHeader = headers[index] === true;
    if (isHeader) section = row.name;
    return { section, isTotal: isHeader && index + 1 < rows.length && headers[index + 1] === false };
  });
};
