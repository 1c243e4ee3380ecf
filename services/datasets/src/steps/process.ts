import { stat } from 'node:fs/promises';
import type { DatasetColumn, OperationStatistics, TableOperation } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { writeTable } from '../engine/write-table.ts';
import { cast } from './cast.ts';
import { clean } from './clean.ts';
import { filter } from './filter.ts';
import { normalize } from './normalize.ts';
import { rename } from './rename.ts';
import { knownCount, lazyCount, type RowCount } from './row-count.ts';
import { select } from './select.ts';
import { sort } from './sort.ts';
import { countRows, openTable, publicColumns, type Table } from './table.ts';

export interface ProcessInput {
  /** The stored table. */
  readonly path: string;
  readonly operations: readonly TableOperation[];
  /** Where the result is to be written. */
  readonly output: string;
}

export interface ProcessResult {
  readonly columns: DatasetColumn[];
  readonly rowsBefore: number;
  readonly rows: number;
  readonly bytes: number;
  readonly operations: OperationStatistics[];
}

/** Applies operations one after the other. Most only describe a query; it runs once, when the result is written. */
export const processTable = async (
  session: Session,
  { path, operations, output }: ProcessInput,
): Promise<ProcessResult> => {
  const opened = await openTable(session, path);
  const rowsBefore = await countRows(session, opened);
  let state: State = { table: opened, rows: knownCount(rowsBefore) };
  const steps: { operation: TableOperation; before: RowCount; after: State }[] = [];
  for (const [index, operation] of operations.entries()) {
    const after = await apply(session, state, operation, String(index));
    steps.push({ operation, before: state.rows, after });
    state = after;
  }
  const names = state.table.columns.map(({ name }) => identifier(name)).join(', ');
  const written = await writeTable(session, `SELECT ${names} FROM ${state.table.relation}`, output);
  state.rows.settle(written);
  const statistics: OperationStatistics[] = [];
  for (const { operation, before, after } of steps) {
    const rows = { before: await before.get(session), after: await after.rows.get(session) };
    statistics.push({
      operation: operation.type,
      rows_before: rows.before,
      rows_after: rows.after,
      ...after.statistics?.(rows.before, rows.after),
    });
  }
  return {
    columns: publicColumns(state.table.columns),
    rowsBefore,
    rows: written,
    bytes: (await stat(output)).size,
    operations: statistics,
  };
};

/** A table on its way, and what the step that made it has to say. */
interface State {
  readonly table: Table;
  readonly rows: RowCount;
  readonly statistics?: (before: number, after: number) => Partial<OperationStatistics>;
}

const apply = async (
  session: Session,
  { table, rows }: State,
  operation: TableOperation,
  place: string,
): Promise<State> => {
  switch (operation.type) {
    case 'clean':
      return clean(session, table, operation, rows, place);
    case 'normalize':
      return { table: await normalize(session, table, operation), rows };
    case 'rename':
      return { table: await rename(session, table, operation), rows };
    case 'cast': {
      const { table: result, failed } = await cast(session, table, operation);
      return { table: result, rows, statistics: () => ({ values_failed: failed }) };
    }
    case 'filter': {
      const result = await filter(session, table, operation);
      return { table: result, rows: lazyCount(result) };
    }
    case 'sort':
      return { table: await sort(session, table, operation, place), rows };
    case 'select':
      return { table: await select(session, table, operation), rows };
    case 'transform':
      return { table, rows };
  }
};
