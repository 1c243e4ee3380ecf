import type { Session } from '../engine/session.ts';
import { identifier, literal } from '../engine/sql.ts';
import type { Table } from '../steps/table.ts';
import { jsonValue } from './json-value.ts';

/** Writes one JSON array of objects, or with `lines` one object a line (NDJSON). Missing values are null. */
export const writeJson = async (session: Session, table: Table, output: string, lines: boolean): Promise<void> => {
  const columns = table.columns.map((column) => `${jsonValue(column)} AS ${identifier(column.name)}`).join(', ');
  await session.run(
    `COPY (SELECT ${columns} FROM ${table.relation}) TO ${literal(output)} (FORMAT json, ARRAY ${!lines})`,
  );
};
