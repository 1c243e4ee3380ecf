import type { OperationOf, OperationStatistics } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { dropMissing, fillMissing } from './missing.ts';
import { removeDuplicates } from './remove-duplicates.ts';
import { knownCount, lazyCount, type RowCount } from './row-count.ts';
import { pickColumns, replaceColumns, type Table, type TableColumn } from './table.ts';

/** A table that was cleaned. What it lost is known when its rows are counted. */
export interface Cleaned {
  readonly table: Table;
  readonly rows: RowCount;
  statistics(before: number, after: number): Partial<OperationStatistics>;
}

/** Trims and changes case first, so that rows that then are equal count as duplicates; then duplicates, then what is missing. */
export const clean = async (
  session: Session,
  table: Table,
  { params }: OperationOf<'clean'>,
  before: RowCount,
  place: string,
): Promise<Cleaned> => {
  const names = pickColumns(table, params.columns).map(({ name }) => name);
  const chosen = (current: Table): TableColumn[] => current.columns.filter(({ name }) => names.includes(name));
  let current = table;
  let duplicates: number | undefined;
  let filled: number | undefined;
  if (params.trim === true || params.case !== undefined) {
    current = await replaceColumns(session, current, (column) =>
      column.type === 'string' && names.includes(column.name) ? tidy(identifier(column.name), params) : undefined,
    );
  }
  if (params.remove_duplicates === true || params.duplicate_columns !== undefined) {
    const distinct = await removeDuplicates(session, current, pickColumns(current, params.duplicate_columns), place);
    current = distinct.table;
    duplicates = distinct.removed;
  }
  const drops = params.handle_missing === 'drop';
  if (drops) {
    current = dropMissing(current, chosen(current));
  } else if (params.handle_missing !== undefined && params.handle_missing !== 'keep') {
    const filling = await fillMissing(session, current, params, chosen(current));
    current = filling.table;
    filled = filling.filled;
  }
  return {
    table: current,
    rows: drops
      ? lazyCount(current)
      : duplicates === undefined
        ? before
        : knownCount((await before.get(session)) - duplicates),
    statistics: (rowsBefore, rowsAfter) => ({
      ...(duplicates === undefined ? {} : { duplicates_removed: duplicates }),
      ...(drops ? { missing_removed: rowsBefore - rowsAfter - (duplicates ?? 0) } : {}),
      ...(filled === undefined ? {} : { values_filled: filled }),
    }),
  };
};

const tidy = (column: string, params: OperationOf<'clean'>['params']): string => {
  // White space as Unicode has it, not only blanks.
  const trimmed =
    params.trim === true
      ? String.raw`nullif(regexp_replace(${column}, '^[\s\p{Z}]+|[\s\p{Z}]+$', '', 'g'), '')`
      : column;
  if (params.case === 'lower') return `lower(${trimmed})`;
  return params.case === 'upper' ? `upper(${trimmed})` : trimmed;
};
