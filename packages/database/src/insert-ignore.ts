import type { InsertObject, Kysely } from 'kysely';
import { dialectOf } from './column-types.ts';

/** Values in one statement at most: SQLite takes 32 766 parameters. */
const VALUES_PER_STATEMENT = 10_000;
/** Each may be a duplicate, and MySQL keeps 1024 warnings of a statement, among which no other one may be missed. */
const ROWS_PER_STATEMENT = 1000;

/**
 * Inserts rows, leaving out those whose primary or unique key is there already. Any other error still fails.
 *
 * Several statements may be needed: call it in a transaction where all or nothing matters.
 *
 * @returns how many rows were new.
 */
export async function insertIgnore<Schema, Table extends keyof Schema & string>(
  query: Kysely<Schema>,
  table: Table,
  rows: readonly InsertObject<Schema, Table>[],
): Promise<number> {
  const mysql = dialectOf(query) === 'mysql';
  let inserted = 0;
  for (const chunk of chunks(rows)) {
    const insert = query.insertInto(table).values(chunk);
    const results = await (mysql ? insert.ignore() : insert.onConflict((conflict) => conflict.doNothing())).execute();
    for (const { numInsertedOrUpdatedRows = 0n } of results) inserted += Number(numInsertedOrUpdatedRows);
  }
  return inserted;
}

function* chunks<Row extends object>(rows: readonly Row[]): Generator<readonly Row[]> {
  const columns = Math.max(1, ...rows.slice(0, 1).map((row) => Object.keys(row).length));
  const size = Math.max(1, Math.min(ROWS_PER_STATEMENT, Math.floor(VALUES_PER_STATEMENT / columns)));
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}
