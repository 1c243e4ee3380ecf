import type { MysqlConnection } from './mysql-connection.ts';

const DUPLICATE = 1062;

/**
 * `insert ignore` turns every error into a warning: a text cut short, a null replaced, a broken foreign key. Only the
 * duplicate key is what the caller asked to ignore; any other warning fails the query, and so rolls back its transaction. So do
 * more warnings than the session keeps, which a statement of `insertIgnore` cannot have by duplicates alone.
 *
 * @param count how many warnings the statement had
 */
export async function refuseHiddenErrors(sql: string, connection: MysqlConnection, count: number): Promise<void> {
  if (!/^\s*insert ignore\b/i.test(sql)) return;
  const [warnings] = await connection.query('show warnings');
  if (!Array.isArray(warnings)) return;
  const hidden = warnings.find((warning) => warning.Code !== DUPLICATE);
  if (hidden !== undefined) throw new Error(`insert ignore hid an error: ${hidden.Message} (${hidden.Code})`);
  if (warnings.length < count) {
    throw new Error(
      `insert ignore had ${count} warnings, of which the server kept ${warnings.length}: raise max_error_count`,
    );
  }
}
