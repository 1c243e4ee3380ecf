import { type OperationOf, ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { pickColumns, project, type Table } from './table.ts';

/** Keeps the named columns, in the order in which they are named. */
export const select = async (session: Session, table: Table, { params }: OperationOf<'select'>): Promise<Table> => {
  if (new Set(params.columns).size < params.columns.length) {
    throw new ServiceError(422, 'datasets.wrong_name', 'A column can be selected once.');
  }
  return project(
    session,
    table,
    pickColumns(table, params.columns).map(({ name }) => [name, identifier(name)] as const),
  );
};
