import type { Row, SeriesTable } from '../vitibrasil/table.ts';
import { fold } from '../vitibrasil/text.ts';

/** What a row is known by from one vintage to the next: neither ids nor places last. */
export const rowKeys = (rows: readonly Row[]): string[] => {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const key = `${fold(row.section ?? '')}/${fold(row.name)}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? key : `${key}#${count}`;
  });
};

/** A figure of two tables; NaN where there is none. */
export interface Pair {
  /** Indexes in the table before. */
  readonly row: number;
  readonly column: number;
  readonly before: number;
  readonly after: number;
  readonly missingBefore: number;
  readonly missingAfter: number;
}

/** What two tables of a series have in common, and what only the one before has. */
export interface Match {
  readonly pairs: readonly Pair[];
  /** Rows and columns of the table before that the other does not have. */
  readonly lostRows: readonly number[];
  readonly lostColumns: readonly number[];
}

export const matchTables = (before: SeriesTable, after: SeriesTable): Match => {
  const places = new Map(rowKeys(after.rows).map((key, index) => [key, index]));
  const columnKey = ({ year, measure }: SeriesTable['columns'][number]) => `${year} ${measure.measure}`;
  const columns = new Map(after.columns.map((column, index) => [columnKey(column), index]));
  const columnPlaces = before.columns.map((column) => columns.get(columnKey(column)));
  const pairs: Pair[] = [];
  const lostRows: number[] = [];
  for (const [row, key] of rowKeys(before.rows).entries()) {
    const place = places.get(key);
    if (place === undefined) {
      lostRows.push(row);
      continue;
    }
    for (const [column, columnPlace] of columnPlaces.entries()) {
      if (columnPlace === undefined) continue;
      const from = row * before.columns.length + column;
      const to = place * after.columns.length + columnPlace;
      pairs.push({
        row,
        column,
        before: before.values[from] ?? Number.NaN,
        after: after.values[to] ?? Number.NaN,
        missingBefore: before.missing[from] ?? 0,
        missingAfter: after.missing[to] ?? 0,
      });
    }
  }
  return { pairs, lostRows, lostColumns: columnPlaces.flatMap((place, index) => (place === undefined ? [index] : [])) };
};
