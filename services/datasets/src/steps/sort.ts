import type { OperationOf } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { pickColumn, rowColumn, type Table } from './table.ts';

/** Orders rows; equal ones keep their order, missing values are last. The rows are numbered anew. */
export const sort = async (
  session: Session,
  table: Table,
  { params }: OperationOf<'sort'>,
  place: string,
): Promise<Table> => {
  const keys = params.by.map(
    ({ column, descending }) =>
      `${identifier(pickColumn(table, column).name)} ${descending === true ? 'DESC' : 'ASC'} NULLS LAST`,
  );
  const sorted = identifier(`sorted_${place}`);
  await session.run(
    `CREATE TEMP TABLE ${sorted} AS SELECT * FROM ${table.relation} ORDER BY ${[...keys, rowColumn].join(', ')}`,
  );
  return { ...table, relation: `(SELECT * REPLACE (rowid AS ${rowColumn}) FROM ${sorted})` };
};
