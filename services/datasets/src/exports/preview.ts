import type { Session } from '../engine/session.ts';
import { literal } from '../engine/sql.ts';
import { openTable, rowColumn } from '../steps/table.ts';
import { jsonValue } from './json-value.ts';

export interface PreviewInput {
  /** The stored table. */
  readonly path: string;
  readonly offset: number;
  readonly limit: number;
}

/** Some rows of a stored table as JSON; answered as text, since integers may be too large for JavaScript's numbers. */
export const preview = async (session: Session, { path, offset, limit }: PreviewInput): Promise<{ rows: string }> => {
  const table = await openTable(session, path);
  const pairs = table.columns.map((column) => `${literal(column.name)}, ${jsonValue(column)}`).join(', ');
  const rows = await session.rows(
    `SELECT CAST(json_object(${pairs}) AS VARCHAR) AS row FROM ${table.relation} ORDER BY ${rowColumn} LIMIT ${limit} OFFSET ${offset}`,
  );
  return { rows: `[${rows.map(({ row }) => String(row)).join(',')}]` };
};
