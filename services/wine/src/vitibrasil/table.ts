import { type WineMeasure, type WineSeries, type WineWarning, wineMissingReasons } from '@vindima/contracts';

/** A row of a file, without its figures. */
export interface Row {
  /** Place among the rows of the file, from 1. */
  readonly number: number;
  readonly line: number;
  readonly section: string | null;
  readonly control: string | null;
  /** Trimmed, footnote mark and all: what clients of the earlier system know the row by. */
  readonly label: string;
  /** Trimmed, without the footnote mark. */
  readonly name: string;
  readonly footnote: string | null;
  readonly country: string | null;
  readonly isTotal: boolean;
  /** What stands in the file, blanks and all; null where the file has no such column. */
  readonly cells: { readonly id: string | null; readonly control: string | null; readonly name: string };
}

/** A pair of year and measure that every row has a figure for. */
export interface YearColumn {
  /** Index of the cell in a line, from 0. */
  readonly cell: number;
  /** The header's own label, or the assumed year where there is no header. */
  readonly label: string;
  readonly year: number;
  readonly measure: WineMeasure;
}

/** What the columns before the years are called; null where the file has no such column. */
export interface Labels {
  readonly id: string | null;
  readonly control: string | null;
  readonly name: string;
}

/** Code 0 is "there is a figure"; the others are the reasons why there is none. */
export const missingReasons = [null, ...wineMissingReasons] as const;
export type MissingCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/**
 * A parsed file. The long table has a figure for every row and year column; figure `row * columns.length + column` is at that
 * index of `values` (NaN when missing) and `missing` (a code of `missingReasons`).
 */
export interface SeriesTable {
  readonly series: WineSeries;
  readonly rows: readonly Row[];
  readonly columns: readonly YearColumn[];
  /** What the file's header calls the columns before the years. */
  readonly labels: Labels;
  readonly values: Float64Array;
  readonly missing: Uint8Array;
  readonly warnings: readonly WineWarning[];
}

/** @returns first and last year of a table. */
export const yearsOf = (table: SeriesTable) => {
  const years = table.columns.map((column) => column.year);
  return { first: Math.min(...years), last: Math.max(...years) };
};
