import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServiceError } from '@vindima/contracts';
import type { Driver } from 'kysely';
import { SqliteConnection, type SqliteHandles } from './sqlite-connection.ts';
import { SqliteHandle } from './sqlite-handle.ts';
import { untilFree } from './until-free.ts';
import { WriterLock } from './writer-lock.ts';

// LIKE is case-sensitive on the MySQL side too: see mysql/ensure-database.ts.
const EVERY_CONNECTION = 'pragma foreign_keys = on; pragma case_sensitive_like = on;';
// FULL writes every commit to the disk before it is acknowledged. NORMAL would survive a killed process but not a power
// cut: a message could be marked as sent in one service's file and its effect be gone from another's.
const FILE = 'pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864;';
// The log is written in order: what was committed by FULL before stays, and the next commit by FULL takes these with it.
const LAZY = 'pragma synchronous = normal; pragma journal_size_limit = 67108864;';

/** Kysely's driver for `node:sqlite`. One writer at a time, one reader; see SqliteConnection. */
export class SqliteDriver implements Driver {
  readonly #path: string;
  #handles: SqliteHandles | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async init(): Promise<void> {
    try {
      if (this.#path !== ':memory:') mkdirSync(dirname(this.#path), { recursive: true });
      this.#handles = await openHandles(this.#path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the SQLite database ${this.#path} cannot be opened: ${reason}`;
      throw new ServiceError(500, 'database.unreachable', message, { cause: error });
    }
  }

  async acquireConnection(): Promise<SqliteConnection> {
    if (this.#handles === undefined) throw new Error('the SQLite driver is not open');
    return new SqliteConnection(this.#handles);
  }

  beginTransaction(connection: SqliteConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: SqliteConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: SqliteConnection): Promise<void> {
    return connection.rollback();
  }

  releaseConnection(connection: SqliteConnection): Promise<void> {
    return connection.rollback();
  }

  async destroy(): Promise<void> {
    // The reader first: the last connection to close folds the write-ahead log into the file, and only a writer may.
    this.#handles?.reader.close();
    this.#handles?.lazyWriter.close();
    this.#handles?.writer.close();
  }
}

async function openHandles(path: string): Promise<SqliteHandles> {
  const inMemory = path === ':memory:';
  const writer = new SqliteHandle(path);
  let reader = writer;
  let lazyWriter = writer;
  try {
    await untilFree(() => writer.exec(inMemory ? EVERY_CONNECTION : EVERY_CONNECTION + FILE));
    if (!inMemory) {
      reader = new SqliteHandle(path);
      await untilFree(() => reader.exec(`${EVERY_CONNECTION} pragma query_only = on;`));
      lazyWriter = new SqliteHandle(path);
      await untilFree(() => lazyWriter.exec(EVERY_CONNECTION + LAZY));
    }
    return { writer, lazyWriter, reader, lock: new WriterLock() };
  } catch (error) {
    lazyWriter.close();
    reader.close();
    writer.close();
    throw error;
  }
}
