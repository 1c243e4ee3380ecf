import { type ColumnDefinitionBuilder, type Kysely, MysqlAdapter, type RawBuilder, sql } from 'kysely';
import type { Dialect } from './database.ts';

type ColumnType = RawBuilder<unknown>;

/** The types that a migration needs, each the same thing on every engine. */
export interface ColumnTypes {
  /** An integer that the database counts up; complete it with `autoIncrement`. */
  readonly id: ColumnType;
  /** An integer of 64 bits; beyond 2^53 it cannot be read. Booleans are one too: 0 and 1. */
  readonly integer: ColumnType;
  /** A floating point number of 64 bits. */
  readonly double: ColumnType;
  /** An exact number, read as text. SQLite stores the text as it was written, and sorts it as text: write all of one scale. */
  decimal(precision: number, scale: number): ColumnType;
  /** Text of at most `length` characters (768 for an index) that compares exactly. */
  key(length: number): ColumnType;
  /** Text up to 4 GB on MySQL, 1 GB on SQLite; not for an index. */
  readonly text: ColumnType;
  /** JSON as text; see `toJson` and `fromJson`. */
  readonly json: ColumnType;
  /** Bytes, read as a Uint8Array. */
  readonly bytes: ColumnType;
  /** A time in UTC as `Date.toISOString()` writes it, 24 characters: the order of the text is the order of time. */
  readonly timestamp: ColumnType;
}

const MYSQL: ColumnTypes = {
  id: sql`bigint`,
  integer: sql`bigint`,
  double: sql`double`,
  decimal: (precision, scale) => sql`decimal(${sql.lit(precision)}, ${sql.lit(scale)})`,
  key: (length) => sql`varchar(${sql.lit(length)})`,
  text: sql`longtext`,
  json: sql`longtext`,
  bytes: sql`longblob`,
  timestamp: sql`char(24) character set ascii collate ascii_bin`,
};

const SQLITE: ColumnTypes = {
  id: sql`integer`,
  integer: sql`integer`,
  double: sql`real`,
  decimal: () => sql`text`,
  key: () => sql`text`,
  text: sql`text`,
  json: sql`text`,
  bytes: sql`blob`,
  timestamp: sql`text`,
};

/** @returns the column types of the engine that a migration runs on. */
export function columnTypes<Schema>(query: Kysely<Schema>): ColumnTypes {
  return dialectOf(query) === 'mysql' ? MYSQL : SQLITE;
}

/** Completes a column of type `id`: the primary key, counted up by the database. */
export function autoIncrement(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.primaryKey().autoIncrement();
}

/** @returns which engine a query builder or a transaction belongs to. */
export function dialectOf<Schema>(query: Kysely<Schema>): Dialect {
  return query.getExecutor().adapter instanceof MysqlAdapter ? 'mysql' : 'sqlite';
}
