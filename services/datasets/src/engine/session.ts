import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Limits } from '../limits.ts';
import { literal } from './sql.ts';

/** What a row of a query looks like in JavaScript: numbers and booleans, 64-bit integers as bigint, the rest as text. */
export type Row = Record<string, unknown>;

/** DuckDB, locked: it reads and writes in its folders, loads nothing, and nobody can change that again. */
export interface Session {
  readonly connection: DuckDBConnection;
  readonly folder: string;
  readonly limits: Limits;
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<Row[]>;
  /** The only row. */
  row(sql: string): Promise<Row>;
  /**
   * Makes ready for a table of so many columns. DuckDB counts buffers of 2,048 values for each column and thread, though a
   * wide table fills few of them: it gets one thread and a bound that lies above; the guard watches what is really taken.
   * Temporary tables are lost.
   */
  widen(columns: number): Promise<void>;
  close(): void;
}

// DuckDB counts its buffers only; V8, the parsers and malloc's slack need the rest.
const shareOfDuckdb = 0.45;
const wideFrom = 100;
const countedPerColumn = 2 ** 20;

/** Opens an in-memory database whose overflow goes to `folder`. */
export const openSession = async (folder: string, readable: readonly string[], limits: Limits): Promise<Session> => {
  const memory = limits.memory * shareOfDuckdb;
  let database = await openDatabase(folder, readable, limits, { memory, threads: limits.threads });
  const rows = async (sql: string) => {
    const reader = await database.connection.runAndReadAll(sql);
    return reader.getRowObjectsJS() as Row[];
  };
  return {
    get connection() {
      return database.connection;
    },
    folder,
    limits,
    run: async (sql) => {
      await database.connection.run(sql);
    },
    rows,
    row: async (sql) => {
      const [first] = await rows(sql);
      if (first === undefined) throw new Error('a query that always has a row answered none');
      return first;
    },
    widen: async (columns) => {
      if (columns < wideFrom) return;
      database.close();
      database = await openDatabase(folder, readable, limits, {
        memory: memory + columns * countedPerColumn,
        threads: 1,
      });
    },
    close: () => database.close(),
  };
};

const openDatabase = async (
  folder: string,
  readable: readonly string[],
  limits: Limits,
  { memory, threads }: { memory: number; threads: number },
): Promise<{ connection: DuckDBConnection; close(): void }> => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${Math.floor(memory / 2 ** 20)}MiB`,
    temp_directory: join(folder, 'spill'),
    max_temp_directory_size: `${Math.floor(limits.temporaryBytes / 2 ** 20)}MiB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  const directories = [folder, ...readable].map((path) => literal(path.endsWith('/') ? path : `${path}/`));
  try {
    for (const setting of [
      `allowed_directories = [${directories.join(', ')}]`,
      `allowed_paths = [${readable.map(literal).join(', ')}]`,
      "TimeZone = 'UTC'",
      // Rows keep their order only where no join is: neither one that is turned around, nor one made of a long IN list.
      "disabled_optimizers = 'build_side_probe_side,in_clause'",
      'enable_external_access = false',
      'lock_configuration = true',
    ]) {
      await connection.run(`SET ${setting}`);
    }
  } catch (error) {
    close();
    throw error;
  }
  return { connection, close };
};
