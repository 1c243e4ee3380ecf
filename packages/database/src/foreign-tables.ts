import { ServiceError } from '@vindima/contracts';
import { type Kysely, sql } from 'kysely';
import { dialectOf } from './column-types.ts';

const tableNames = async <Schema>(query: Kysely<Schema>): Promise<Set<string>> => {
  const { rows } =
    dialectOf(query) === 'mysql'
      ? await sql<{ name: string }>`
          select table_name as name from information_schema.tables where table_schema = database()`.execute(query)
      : await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(query);
  return new Set(rows.map(({ name }) => name.toLowerCase()));
};

/**
 * Refuses a database that has tables of these names and was never migrated: they are another program's, and migrations would end in the middle.
 * Nothing is written.
 *
 * @throws ServiceError `database.foreign_tables`
 */
export const refuseForeignTables = async <Schema>(
  query: Kysely<Schema>,
  own: readonly string[],
  advice: string,
): Promise<void> => {
  const names = await tableNames(query);
  const found = own.filter((name) => names.has(name));
  if (found.length === 0 || names.has('kysely_migration')) return;
  const tables = found.join(' and ');
  throw new ServiceError(
    500,
    'database.foreign_tables',
    `the database has the tables ${tables} of another program, and was left as it is. ${advice}`,
    { details: { tables: found } },
  );
};
