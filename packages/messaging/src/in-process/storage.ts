import { randomUUID } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { ServiceError } from '@vindima/contracts';
import { errorText } from '../error-text.ts';

/** Positions never repeat, also when rows are gone: AUTOINCREMENT. `due_at` is NULL while a handler has the message. */
const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    source TEXT NOT NULL,
    time TEXT NOT NULL,
    traceparent TEXT,
    payload TEXT NOT NULL,
    target TEXT,
    stored_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_subject ON messages (subject, sequence);
  CREATE TABLE IF NOT EXISTS published (
    stream TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (stream, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS consumers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, subject TEXT NOT NULL, position INTEGER NOT NULL, UNIQUE (subject, name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS deliveries (
    consumer INTEGER NOT NULL, sequence INTEGER NOT NULL, attempt INTEGER NOT NULL, due_at INTEGER, first_failed_at TEXT,
    PRIMARY KEY (consumer, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (consumer, due_at);
  CREATE TABLE IF NOT EXISTS dead_letters (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, source TEXT NOT NULL, time TEXT NOT NULL,
    traceparent TEXT, payload TEXT NOT NULL,
    consumer TEXT NOT NULL, attempts INTEGER NOT NULL, error TEXT NOT NULL,
    first_failed_at TEXT NOT NULL, last_failed_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS store (id TEXT NOT NULL) STRICT;
  INSERT INTO store SELECT hex(randomblob(16)) WHERE NOT EXISTS (SELECT * FROM store);
`;
/** Columns that came later than the tables of 0.1.0. */
const added = [
  ['messages', 'reference'],
  ['dead_letters', 'reference'],
] as const;

/** The file of the bus: one connection, prepared statements, transactions. */
export interface Storage {
  /** @returns the prepared statement of a text, made once. */
  statement(sql: string): StatementSync;
  /** Runs `work` in one transaction; nested calls join it. */
  transaction<Result>(work: () => Result): Result;
  /** Brings everything that was committed to the disk. */
  sync(): void;
  /** Which file this is, and which process has it open. */
  readonly incarnation: string;
  readonly isOpen: boolean;
  close(): void;
}

const addColumns = (database: DatabaseSync): void => {
  for (const [table, column] of added) {
    const known = database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
    if (!known.some(({ name }) => name === column)) database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} TEXT`);
  }
};

/**
 * Opens the file. Survives the death of the process with everything that was committed; a power cut may cost what came after the last
 * `sync`.
 * @throws 500 `messaging.store_in_use` when another process has it
 */
export const openStorage = (path: string): Storage => {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 2_000 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec(`BEGIN IMMEDIATE; ${schema} UPDATE deliveries SET due_at = 0 WHERE due_at IS NULL;`);
    addColumns(database);
    database.exec('COMMIT');
  } catch (cause) {
    database?.close();
    const message = `The messages in ${path} cannot be opened (are they in use by another process?): ${errorText(cause)}`;
    throw new ServiceError(500, 'messaging.store_in_use', message, { cause });
  }
  const open = database;
  const statements = new Map<string, StatementSync>();
  let inTransaction = false;
  const incarnation = `${open.prepare('SELECT id FROM store').get()?.id}/${randomUUID()}`;
  return {
    incarnation,
    sync: () => {
      open.exec('PRAGMA wal_checkpoint(PASSIVE)');
    },
    statement: (sql) => {
      const known = statements.get(sql) ?? open.prepare(sql);
      statements.set(sql, known);
      return known;
    },
    transaction: (work) => {
      if (inTransaction) return work();
      open.exec('BEGIN IMMEDIATE');
      inTransaction = true;
      try {
        const result = work();
        open.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk has rolled it back already.
        if (open.isTransaction) open.exec('ROLLBACK');
        throw error;
      } finally {
        inTransaction = false;
      }
    },
    get isOpen() {
      return open.isOpen;
    },
    close: () => {
      if (open.isOpen) open.close();
    },
  };
};
