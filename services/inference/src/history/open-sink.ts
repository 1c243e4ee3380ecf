import type { Database } from '@vindima/database';
import type { KitTables } from '@vindima/service-kit';
import { sql } from 'kysely';
import type { InferenceTables } from '../db/tables.ts';
import { createDatabaseSink } from './database-sink.ts';
import type { HistorySink } from './sink.ts';
import { createSqliteSink } from './sqlite-sink.ts';

/** The sink that fits the service's database. A SQLite database in memory has no file that a second connection could open. */
export const openSink = async (database: Database<InferenceTables & KitTables>): Promise<HistorySink> => {
  if (database.dialect === 'mysql') return createDatabaseSink(database);
  const { rows } = await sql<{ name: string; file: string }>`select name, file from pragma_database_list`.execute(
    database.query,
  );
  const file = rows.find(({ name }) => name === 'main')?.file ?? '';
  return file === '' ? createDatabaseSink(database) : createSqliteSink(file);
};
