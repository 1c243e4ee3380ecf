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
  close(): void;
}

// DuckDB counts its buffers only; V8, the parsers and malloc's slack need the rest.
const shareOfDuckdb = 0.45;

/** Opens an in-memory database whose overflow goes to `folder`. */
export const openSession = async (folder: string, readable: readonly string[], limits: Limits): Promise<Session> => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${Math.floor((limits.memory * shareOfDuckdb) / 2 ** 20)}MiB`,
    temp_directory: join(folder, 'spill'),
    max_temp_directory_size: `${Math.floor(limits.temporaryBytes / 2 ** 20)}MiB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  const connection = await instance.connect();
  const run = async (sql: string) => {
    await connection.run(sql);
  };
  const rows = async (sql: string) => {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJS() as Row[];
  };
  try {
    const directories = [folder, ...readable].map((path) => literal(path.endsWith('/') ? path : `${path}/`));
    await run(`SET allowed_directories = [${directories.join(', ')}]`);
    await run(`SET allowed_paths = [${readable.map(literal).join(', ')}]`);
    await run("SET TimeZone = 'UTC'");
    // Rows keep their order only where no join is: neither one that is turned around, nor one made of a long IN list.
    await run("SET disabled_optimizers = 'build_side_probe_side,in_clause'");
    await run('SET enable_external_access = false');
    await run('SET lock_configuration = true');
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
  return {
    connection,
    folder,
    limits,
    run,
    rows,
    row: async (sql) => {
      const [first] = await rows(sql);
      if (first === undefined) throw new Error('a query that always has a row answered none');
      return first;
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
};
