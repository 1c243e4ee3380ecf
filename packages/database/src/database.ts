import type { Kysely, Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';

export type Dialect = 'mysql' | 'sqlite';

/** Migrations by name. Names begin with a timestamp (`2026-11-21T10:00_pictures`) and are applied in the order of their names. */
export type Migrations = Readonly<Record<string, Migration>>;

/** A service's own database, MySQL (or MariaDB) or SQLite, behind the same queries. */
export interface Database<Schema> {
  readonly dialect: Dialect;
  readonly query: Kysely<Schema>;
  /**
   * As `query`, for writes that a later start would do again by itself, such as tidying up. A killed process loses none of them, but on SQLite
   * they do not wait for the disk, and a power cut may undo the latest. Never for anything that somebody was told of.
   */
  readonly lazy: Kysely<Schema>;
  /**
   * Runs `work` in one transaction and commits it. Deadlocks and lock time-outs are retried a bounded number of times, so
   * `work` must have no effect but its queries.
   */
  transaction<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>;
  /** Resolves when the database answers. */
  check(): Promise<void>;
  close(): Promise<void>;
}
