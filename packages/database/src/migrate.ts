import { ServiceError } from '@vindima/contracts';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Migrations } from './database.ts';
import type { DatabaseLogger } from './open-database.ts';

const NAME = /^\d{4}-\d{2}-\d{2}/;

/**
 * Applies the migrations that the database has not seen, in the order of their names, under a lock that every replica
 * respects. On SQLite all of them are one transaction; MySQL commits each statement by itself.
 *
 * @throws ServiceError `database.newer_than_code` when the database has migrations that the code does not know,
 * `database.migration_failed` with the name and the reason of the one that failed.
 */
export async function migrate<Schema>(
  query: Kysely<Schema>,
  migrations: Migrations,
  logger: DatabaseLogger | undefined,
): Promise<void> {
  for (const name of Object.keys(migrations)) {
    if (!NAME.test(name))
      throw new TypeError(`the migration "${name}" must begin with its date, as in 2026-11-21T10:00_`);
  }
  // Migrations come from several packages: one may bring an older name than those already applied.
  const migrator = new Migrator({
    db: query,
    provider: { getMigrations: async () => ({ ...migrations }) },
    allowUnorderedMigrations: true,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  const applied = results.filter((result) => result.status === 'Success').map((result) => result.migrationName);
  if (error === undefined) {
    if (applied.length > 0) logger?.info({ migrations: applied }, 'the database was migrated');
    return;
  }
  const unknown = await unknownMigrations(query, migrations);
  if (unknown.length > 0) {
    const message = `the database was migrated by a newer version of the service: this one does not know ${unknown.join(', ')}`;
    throw new ServiceError(500, 'database.newer_than_code', message, {
      details: { migrations: unknown },
      cause: error,
    });
  }
  if (error instanceof ServiceError) throw error;
  const failed = results.find((result) => result.status === 'Error')?.migrationName;
  const reason = error instanceof Error ? error.message : String(error);
  const message =
    failed === undefined ? `the migrations failed: ${reason}` : `the migration "${failed}" failed: ${reason}`;
  throw new ServiceError(500, 'database.migration_failed', message, { details: { migration: failed }, cause: error });
}

async function unknownMigrations<Schema>(query: Kysely<Schema>, migrations: Migrations): Promise<string[]> {
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(query);
    return rows.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name));
  } catch {
    // The table is not there, or the database is gone: the first error tells more.
    return [];
  }
}
