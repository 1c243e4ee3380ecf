import { createHash } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import {
  type Dialect,
  type Driver,
  type Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  sql,
} from 'kysely';

/** How long a replica waits for another one's migrations, in seconds. */
const LOCK_SECONDS = 600;

/** Migrations lock their own database only, and say so when they cannot get the lock. */
class LockingMysqlAdapter extends MysqlAdapter {
  readonly #lock: string;

  constructor(database: string) {
    super();
    // A lock's name is bounded to 64 characters and shared by the whole server.
    this.#lock = `migrations-${createHash('sha256').update(database).digest('hex').slice(0, 40)}`;
  }

  // The connection that holds the lock is the one that migrates; when its process dies the server frees the lock.
  override async acquireMigrationLock(database: Kysely<unknown>): Promise<void> {
    const { rows } = await sql<{ acquired: number | null }>`
      select get_lock(${this.#lock}, ${LOCK_SECONDS}) as acquired`.execute(database);
    if (rows[0]?.acquired !== 1) {
      throw new ServiceError(
        503,
        'database.migration_locked',
        `another process has been migrating the database for more than ${LOCK_SECONDS} s`,
      );
    }
  }

  override async releaseMigrationLock(database: Kysely<unknown>): Promise<void> {
    await sql`select release_lock(${this.#lock})`.execute(database);
  }
}

/** Kysely's MySQL dialect around a driver of ours. */
export function createMysqlDialect(driver: Driver, database: string): Dialect {
  return {
    createDriver: () => driver,
    createAdapter: () => new LockingMysqlAdapter(database),
    createQueryCompiler: () => new MysqlQueryCompiler(),
    createIntrospector: (query) => new MysqlIntrospector(query),
  };
}
