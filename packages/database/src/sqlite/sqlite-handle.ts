import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { CompiledQuery, QueryResult } from 'kysely';
import { bindValue } from '../bind-value.ts';

interface Prepared {
  readonly statement: StatementSync;
  readonly hasRows: boolean;
}

/** Prepared statements kept per connection; the least recently used goes first. */
const CACHED_STATEMENTS = 200;

/** One open SQLite connection with its prepared statements. */
export class SqliteHandle {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

  constructor(path: string) {
    // No busy time-out: it would block the event loop. See untilFree().
    this.#database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  run<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
    const { statement, hasRows } = this.#prepare(sql);
    const values = parameters.map(bindValue);
    if (hasRows) return { rows: statement.all(...values) as Row[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Rows one at a time, on a statement of their own: a cached one could be started again in the middle. */
  iterate<Row>({ sql, parameters }: CompiledQuery): Iterable<Row> {
    return this.#database.prepare(sql).iterate(...parameters.map(bindValue)) as Iterable<Row>;
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#statements.get(sql);
    if (prepared === undefined) {
      const statement = this.#database.prepare(sql);
      prepared = { statement, hasRows: statement.columns().length > 0 };
    } else {
      this.#statements.delete(sql);
    }
    this.#statements.set(sql, prepared);
    if (this.#statements.size > CACHED_STATEMENTS) {
      const oldest = this.#statements.keys().next();
      if (!oldest.done) this.#statements.delete(oldest.value);
    }
    return prepared;
  }
}
