import { ServiceError, type WineFilter } from '@vindima/contracts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import { rowTest } from './vocabulary.ts';

/** Some rows and some columns of a table: their figures, row by row. Indexes into the table's own lists. */
export interface Selection {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

const indexes = <Item>(items: readonly Item[], wanted: (item: Item) => boolean): number[] =>
  items.flatMap((item, index) => (wanted(item) ? [index] : []));

/**
 * Finds the figures that a filter asks for. Texts are equal without regard to case, accents and repeated blanks, as the
 * spelling of the files changes.
 *
 * @throws 400 `wine.invalid_years` when the range is upside down; 404 `wine.no_match` for a name that the table does not have.
 */
export const select = (table: SeriesTable, filter: WineFilter): Selection => {
  const { year_from: from = -Infinity, year_to: to = Infinity, measure, totals = 'exclude' } = filter;
  if (from > to) {
    throw new ServiceError(400, 'wine.invalid_years', `year_from (${from}) is after year_to (${to}).`);
  }
  const isNamed = rowTest([table], filter);
  return {
    rows: indexes(table.rows, (row) => (totals === 'include' || row.isTotal === (totals === 'only')) && isNamed(row)),
    columns: indexes(
      table.columns,
      (column) =>
        column.year >= from && column.year <= to && (measure === undefined || column.measure.measure === measure),
    ),
  };
};

/** @returns everything that a table has. */
export const everything = (table: SeriesTable): Selection => select(table, { totals: 'include' });

/** How many figures a selection has. */
export const sizeOf = (selection: Selection): number => selection.rows.length * selection.columns.length;
