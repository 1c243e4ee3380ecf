import { ServiceError } from '@vindima/contracts';
import { Kysely, sql } from 'kysely';
import type { Database, Migrations } from './database.ts';
import { type MysqlAddress, parseDatabaseUrl } from './database-url.ts';
import { refuseForeignTables } from './foreign-tables.ts';
import { migrate } from './migrate.ts';
import { createMysqlPool } from './mysql/create-pool.ts';
import { ensureMysqlDatabase } from './mysql/ensure-database.ts';
import { createMysqlDialect } from './mysql/mysql-dialect.ts';
import { MysqlDriver } from './mysql/mysql-driver.ts';
import { waitForServer } from './mysql/wait-for-server.ts';
import { retryTransaction } from './retry-transaction.ts';
import { lazyWrites } from './sqlite/lazy-writes.ts';
import { createSqliteDialect } from './sqlite/sqlite-dialect.ts';
import { SqliteDriver } from './sqlite/sqlite-driver.ts';
import { TrackedDriver } from './tracked-driver.ts';

/** The part of a pino logger that the database uses. */
export interface DatabaseLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export interface OwnTables {
  readonly names: readonly string[];
  /** A sentence. */
  readonly advice: string;
}

export interface DatabaseOptions {
  /** `mysql://user:password@host:port/name`, `sqlite:path/to/file.db` or `sqlite::memory:`. */
  readonly url: string;
  /** The service's name: its database's name where the URL gives none. */
  readonly service: string;
  /** All migrations of the service and of the packages it uses, in one record. */
  readonly migrations: Migrations;
  /** Tables that only another program can have made before the first migration, and what its user is to do then. */
  readonly ownTables?: OwnTables;
  readonly logger?: DatabaseLogger;
  /** Connections to MySQL at most; 10 unless told. */
  readonly poolSize?: number;
  /** How long to wait for a MySQL server that does not answer yet, in milliseconds; a minute unless told. */
  readonly waitMs?: number;
  /** Ends the waiting when the service is stopped while it starts. */
  readonly signal?: AbortSignal;
}

const CHECK_MS = 5000;

/**
 * Opens the service's database, creates it if it is not there and migrates it.
 *
 * @throws ServiceError `database.invalid_url`, `database.unreachable`, `database.access_denied`, `database.missing`,
 * `database.collation`, `database.foreign_tables`, `database.newer_than_code`, `database.migration_failed`; nothing stays open then.
 */
export async function openDatabase<Schema>(options: DatabaseOptions): Promise<Database<Schema>> {
  const address = parseDatabaseUrl(options.url, options.service);
  const { query, driver } =
    address.dialect === 'mysql' ? await openMysql<Schema>(address, options) : openSqlite<Schema>(address.path);
  try {
    const { ownTables } = options;
    if (ownTables !== undefined) await refuseForeignTables(query, ownTables.names, ownTables.advice);
    await migrate(query, options.migrations, options.logger);
  } catch (error) {
    await driver.destroy();
    throw error;
  }
  let closed: Promise<void> | undefined;
  return {
    dialect: address.dialect,
    query,
    lazy: address.dialect === 'sqlite' ? query.withPlugin(lazyWrites) : query,
    transaction: (work) => retryTransaction(query, work),
    check: () => check(query),
    // Not through Kysely, which would refuse the queries of a running transaction from this moment on.
    close: () => (closed ??= driver.destroy()),
  };
}

async function openMysql<Schema>(
  address: MysqlAddress,
  { poolSize = 10, waitMs = 60_000, logger, signal }: DatabaseOptions,
) {
  await waitForServer(address, () => ensureMysqlDatabase(address), { waitMs, logger, signal });
  const driver = new TrackedDriver(new MysqlDriver(createMysqlPool(address, poolSize)));
  return { driver, query: new Kysely<Schema>({ dialect: createMysqlDialect(driver, address.database) }) };
}

function openSqlite<Schema>(path: string) {
  const driver = new TrackedDriver(new SqliteDriver(path));
  return { driver, query: new Kysely<Schema>({ dialect: createSqliteDialect(driver) }) };
}

async function check<Schema>(query: Kysely<Schema>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new ServiceError(503, 'database.unreachable', `the database did not answer within ${CHECK_MS} ms`));
  }, CHECK_MS);
  try {
    await Promise.race([sql`select 1`.execute(query), late]);
  } finally {
    clearTimeout(timer);
  }
}
