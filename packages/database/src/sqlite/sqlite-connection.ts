import { type CompiledQuery, type DatabaseConnection, type QueryResult, RawNode, SelectQueryNode } from 'kysely';
import { isLazy } from './lazy-writes.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { untilFree } from './until-free.ts';
import type { WriterLock } from './writer-lock.ts';

/** How long a write waits for the transactions before it, in milliseconds. */
const QUEUE_MS = 30_000;

export interface SqliteHandles {
  readonly writer: SqliteHandle;
  /** Does not wait for the disk. The same as the writer for a database in memory. */
  readonly lazyWriter: SqliteHandle;
  /** The same as the writer for a database in memory. */
  readonly reader: SqliteHandle;
  readonly lock: WriterLock;
}

/**
 * What Kysely takes for a connection. All of them share one writer and one reader: a read goes to the reader and sees
 * what is committed, a write waits its turn, a transaction holds the writer from its beginning to its end. Lazy writes wait in the same line.
 */
export class SqliteConnection implements DatabaseConnection {
  readonly #handles: SqliteHandles;
  #release: (() => void) | undefined;

  constructor(handles: SqliteHandles) {
    this.#handles = handles;
  }

  async begin(): Promise<void> {
    const { writer, lock } = this.#handles;
    const release = await lock.acquire(QUEUE_MS);
    try {
      // IMMEDIATE takes the write lock at once: a transaction that upgrades later could fail when it is half done.
      await untilFree(() => writer.exec('begin immediate'));
    } catch (error) {
      release();
      throw error;
    }
    this.#release = release;
  }

  async commit(): Promise<void> {
    this.#handles.writer.exec('commit');
    this.#end();
  }

  /** Does nothing outside a transaction. SQLite may have rolled back by itself, for example on a full disk. */
  async rollback(): Promise<void> {
    if (this.#release === undefined) return;
    try {
      if (this.#handles.writer.inTransaction) this.#handles.writer.exec('rollback');
    } finally {
      this.#end();
    }
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#use(query, (handle) => untilFree(() => handle.run<Row>(query)));
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    const { writer, reader } = this.#handles;
    const handle = this.#release === undefined ? reader : writer;
    // In memory the reader is the writer: a stream would hold up every write, the ones of its own consumer included.
    const rows = handle === writer ? (await this.executeQuery<Row>(query)).rows : handle.iterate<Row>(query);
    for (const row of rows) yield { rows: [row] };
  }

  async #use<Result>(query: CompiledQuery, run: (handle: SqliteHandle) => Promise<Result>): Promise<Result> {
    const { writer, lazyWriter, reader, lock } = this.#handles;
    if (this.#release !== undefined) return run(writer);
    if (reader !== writer && isRead(query)) return run(reader);
    const release = await lock.acquire(QUEUE_MS);
    try {
      return await run(isLazy(query.query) ? lazyWriter : writer);
    } finally {
      release();
    }
  }

  #end(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

/** Whether a query only reads for certain; what is not sure goes to the writer, which can do both. */
function isRead({ query, sql }: CompiledQuery): boolean {
  return SelectQueryNode.is(query) || (RawNode.is(query) && /^\s*select\b/i.test(sql));
}
