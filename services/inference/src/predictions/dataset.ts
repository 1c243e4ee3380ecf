import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type InferenceSignature, ServiceError } from '@vindima/contracts';

export type DatasetFormat = 'csv' | 'parquet';
type Features = NonNullable<InferenceSignature['features']>;

/** What became of a row: the columns that a prediction adds. */
export interface PredictedRow {
  readonly prediction: string | null;
  readonly probability: number | null;
  /** JSON, by class */
  readonly probabilities: string | null;
  readonly error: string | null;
}

/** A table being classified: its rows go out as fields by name, and the predictions come in, in the same order. */
export interface Dataset {
  readonly rows: number;
  batches(): AsyncIterable<readonly Readonly<Record<string, unknown>>[]>;
  append(rows: readonly PredictedRow[]): void;
  /** Writes the columns of the source and the predictions as Parquet. @returns rows by class */
  write(file: string, metadata: Readonly<Record<string, string>>): Promise<Record<string, number>>;
  close(): void;
}

const added = ['prediction', 'probability', 'probabilities', 'error'] as const;

/**
 * Opens a CSV or Parquet file with DuckDB, which may use the given folder, a bounded memory and one thread. The signal ends what it does.
 *
 * @throws ServiceError 422 `inference.invalid_dataset`, `inference.missing_columns`
 */
export const openDataset = async (
  file: string,
  folder: string,
  features: Features,
  format: DatasetFormat | undefined,
  signal: AbortSignal,
): Promise<Dataset> => {
  // Loaded when it is needed: most replicas never run such a job.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '1GB',
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  // A connection streams one result at a time: whatever else it does ends the stream, and silently.
  const reading = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal.addEventListener('abort', interrupt);
  const close = () => {
    signal.removeEventListener('abort', interrupt);
    reading.closeSync();
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await connection.run(`set allowed_directories = [${literal(folder)}]`);
    await connection.run('set enable_external_access = false');
    await importSource(connection, file, format ?? (await detect(file)));
    const columns = await columnsOf(connection);
    const missing = features.filter(({ name }) => !columns.includes(name)).map(({ name }) => name);
    if (missing.length > 0) {
      throw new ServiceError(422, 'inference.missing_columns', `The file lacks the columns ${missing.join(', ')}.`, {
        details: { missing, columns: columns.slice(0, 200) },
      });
    }
    await connection.run(
      'create table result (prediction varchar, probability double, probabilities varchar, error varchar)',
    );
    const count = await connection.runAndReadAll('select count(*)::double from source');
    const appender = await connection.createAppender('result');
    return {
      rows: Number(count.getRows()[0]?.[0] ?? 0),
      batches: () => readBatches(reading, features),
      append: (rows) => {
        for (const row of rows) {
          appendText(appender, row.prediction);
          if (row.probability === null) appender.appendNull();
          else appender.appendDouble(row.probability);
          appendText(appender, row.probabilities);
          appendText(appender, row.error);
          appender.endRow();
        }
        appender.flushSync();
      },
      write: async (target, metadata) => {
        appender.closeSync();
        return writeResult(connection, target, columns, metadata);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
};

const appendText = (appender: { appendNull(): void; appendVarchar(value: string): void }, value: string | null) => {
  if (value === null) appender.appendNull();
  else appender.appendVarchar(value);
};

/** Parquet files begin with four letters; anything else is taken for text. */
const detect = async (file: string): Promise<DatasetFormat> => {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead).toString('latin1') === 'PAR1' ? 'parquet' : 'csv';
  } finally {
    await handle.close();
  }
};

const importSource = async (connection: DuckDBConnection, file: string, format: DatasetFormat) => {
  // The types of CSV columns are judged by the whole file: a text in the last row must not end a job that ran for an hour.
  const source =
    format === 'parquet'
      ? `read_parquet(${literal(file)})`
      : `read_csv(${literal(file)}, header = true, sample_size = -1)`;
  try {
    await connection.run(`create table source as select * from ${source}`);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error))
      .split('\n')[0]
      ?.replaceAll(file, 'the file');
    throw new ServiceError(
      422,
      'inference.invalid_dataset',
      `The file cannot be read as ${format}: ${reason?.slice(0, 300)}.`,
    );
  }
};

const columnsOf = async (connection: DuckDBConnection): Promise<string[]> => {
  const described = await connection.runAndReadAll(
    "select column_name from duckdb_columns() where table_name = 'source' order by column_index",
  );
  return described.getRows().map(([name]) => String(name));
};

async function* readBatches(connection: DuckDBConnection, features: Features) {
  const columns = features.map(({ name, type }) =>
    type === 'number' ? `try_cast(${identifier(name)} as double)` : `cast(${identifier(name)} as varchar)`,
  );
  // A text where a number is wanted is wrong, and not missing: its row is told so.
  const texts = features.map(({ name, type }) =>
    type === 'number'
      ? `case when try_cast(${identifier(name)} as double) is null then nullif(trim(cast(${identifier(name)} as varchar)), '') end`
      : 'null',
  );
  const result = await connection.stream(`select ${[...columns, ...texts].join(', ')} from source`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getRows().map((values) => {
      const row: Record<string, unknown> = {};
      for (const [index, { name }] of features.entries()) {
        const value = values[index] ?? values[features.length + index];
        if (value !== null && value !== undefined) row[name] = value;
      }
      return row;
    });
  }
}

const writeResult = async (
  connection: DuckDBConnection,
  target: string,
  columns: readonly string[],
  metadata: Readonly<Record<string, string>>,
): Promise<Record<string, number>> => {
  const selected = added.map((name) => `result.${name} as ${identifier(freeName(name, columns))}`);
  const about = Object.entries(metadata).map(([key, value]) => `${identifier(key)}: ${literal(value)}`);
  await connection.run(
    `copy (select source.*, ${selected.join(', ')} from source positional join result) to ${literal(target)}
     (format parquet, compression zstd, kv_metadata {${about.join(', ')}})`,
  );
  const counts = await connection.runAndReadAll(
    'select prediction, count(*)::double from result where prediction is not null group by all order by all',
  );
  return Object.fromEntries(counts.getRows().map(([name, rows]) => [String(name), Number(rows)]));
};

/** The source may have such a column already, from an earlier prediction. */
const freeName = (name: string, taken: readonly string[]): string => {
  const lower = new Set(taken.map((column) => column.toLowerCase()));
  let free = name;
  for (let count = 2; lower.has(free); count++) free = `${name}_${count}`;
  return free;
};

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
