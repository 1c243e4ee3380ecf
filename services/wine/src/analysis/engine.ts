import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { WineAnalysisQuery } from '@vindima/contracts';
import { toParquet } from '@vindima/lake';
import { countries } from '../catalogue/countries.ts';
import type { Served } from '../shelf/shelf.ts';
import { tidyArrow } from '../tidy/arrow.ts';
import { tidyOf } from '../tidy/figures.ts';
import { analysisStatement } from './statement.ts';

/** The rows that a question is about. */
export interface Scope {
  readonly served: readonly Served[];
  /** Only those of these series, sections and names; undefined for all. */
  readonly rows: readonly (readonly [series: string, section: string, name: string])[] | undefined;
  readonly years: readonly [number, number];
}

export type Row = Record<string, string | number | boolean | null>;

/** Answers questions with DuckDB, on Parquet files of the tidy form: one for each vintage, made when it is first asked about. */
export interface AnalysisEngine {
  ask(query: WineAnalysisQuery, scope: Scope): Promise<{ rows: Row[]; total: number }>;
  close(): void;
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
/** Names of the files themselves, not of a caller; as literals all the same. */
const wanted = (rows: NonNullable<Scope['rows']>) => rows.map((row) => text(row.join('\u001f'))).join(', ') || 'NULL';
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** @param folder for the Parquet files; they are made again when they are gone */
export const createAnalysisEngine = (folder: string): AnalysisEngine => {
  const opened = DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '256MB' });
  // A failure is told to who asks first.
  opened.catch(() => undefined);
  const fileOf = async ({ table, manifest }: Served): Promise<string> => {
    const path = join(folder, `${table.series.id}-${manifest.source.sha256}.parquet`);
    if (await exists(path)) return path;
    await mkdir(folder, { recursive: true });
    const unfinished = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    await writeFile(unfinished, toParquet(tidyArrow(tidyOf(table))));
    await rename(unfinished, path);
    return path;
  };
  return {
    ask: async (query, { served, rows, years }) => {
      const files = await Promise.all(served.map(fileOf));
      const connection = await (await opened).connect();
      try {
        const continents = countries.map(
          ({ name, continent }) => `(${text(name)}, ${continent === null ? 'NULL' : text(continent)})`,
        );
        await connection.run(
          `CREATE TEMP TABLE scope AS SELECT f.*, c.continent FROM read_parquet([${files.map(text).join(', ')}]) f
           LEFT JOIN (VALUES ${continents.join(', ')}) c(country, continent) ON c.country = f.country
           WHERE NOT f.is_total AND f.year BETWEEN ${years[0]} AND ${years[1]}
           ${rows === undefined ? '' : `AND concat_ws(chr(31), f.series, coalesce(f.section, ''), f.name) IN (${wanted(rows)})`}`,
        );
        const reader = await connection.runAndReadAll(analysisStatement(query, 'scope').sql);
        const read = reader.getRowObjectsJson() as Row[];
        const total = Number(read[0]?.total ?? 0);
        return { rows: read.map(({ total: _total, measured: _measured, ...row }) => row), total };
      } finally {
        connection.closeSync();
      }
    },
    close: () => void opened.then((instance) => instance.closeSync()),
  };
};
