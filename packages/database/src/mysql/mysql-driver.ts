import type { Driver, TransactionSettings } from 'kysely';
import type { Pool, PoolConnection } from 'mysql2';
import { connectionLost, isConnectionLoss, mysqlErrorNumber } from '../errors.ts';
import { MysqlConnection } from './mysql-connection.ts';

// The same rules whatever the server's own configuration says. Without NO_BACKSLASH_ESCAPES, which the driver's escaping
// relies on; with ANSI_QUOTES absent, because Kysely quotes names with backticks.
const SESSION = `set session time_zone = '+00:00', innodb_lock_wait_timeout = 10, sql_mode =
  'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`;
// MariaDB keeps 64 by itself. MySQL keeps 1024 and lets administrators alone change that, which is enough: see insertIgnore.
const WARNINGS = 'set session max_error_count = 65535';
const DENIED = 1227;
// REPEATABLE READ, the server's default, locks gaps between rows: queues of jobs and messages would deadlock on them.
const ISOLATION = 'set session transaction isolation level read committed';

/** Kysely's driver for a pool of mysql2. */
export class MysqlDriver implements Driver {
  readonly #pool: Pool;
  readonly #prepared = new WeakSet<PoolConnection>();
  readonly #inUse = new Set<MysqlConnection>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<MysqlConnection> {
    const raw = await this.#take();
    const connection = new MysqlConnection(raw);
    this.#inUse.add(connection);
    if (this.#prepared.has(raw)) return connection;
    try {
      await connection.query(SESSION);
      await connection.query(ISOLATION);
      await connection.query(WARNINGS).catch((error: unknown) => {
        if (mysqlErrorNumber(error) !== DENIED) throw error;
      });
    } catch (error) {
      connection.lost = true;
      await this.releaseConnection(connection);
      throw error;
    }
    this.#prepared.add(raw);
    return connection;
  }

  async beginTransaction(connection: MysqlConnection, { accessMode, isolationLevel }: TransactionSettings) {
    if (isolationLevel !== undefined) await connection.query(`set transaction isolation level ${isolationLevel}`);
    await connection.query(accessMode === undefined ? 'begin' : `start transaction ${accessMode}`);
  }

  async commitTransaction(connection: MysqlConnection): Promise<void> {
    await connection.query('commit');
  }

  /** A lost connection has nothing left to roll back: the server did it. A failure here must not hide the first error. */
  async rollbackTransaction(connection: MysqlConnection): Promise<void> {
    if (connection.lost) return;
    try {
      await connection.query('rollback');
    } catch {
      connection.lost = true;
    }
  }

  async releaseConnection(connection: MysqlConnection): Promise<void> {
    this.#inUse.delete(connection);
    if (connection.lost) connection.raw.destroy();
    else connection.raw.release();
  }

  async destroy(): Promise<void> {
    // Whoever still works had its time; a server that answers no more must not hold up the end.
    for (const connection of this.#inUse) connection.abandon();
    await this.#pool.promise().end();
  }

  #take(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.#pool.getConnection((error, connection) => {
        if (error) reject(isConnectionLoss(error) ? connectionLost(error) : error);
        else resolve(connection);
      });
    });
  }
}
