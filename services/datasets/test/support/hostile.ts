import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { sharedData } from './shared-data.ts';

export const hostileFolder = join(sharedData, 'hostile');

export const families = ['csv', 'json', 'excel', 'parquet', 'avro'] as const;
export type HostileFamily = (typeof families)[number];

/** All files of a corpus. */
export const hostileFiles = (family: HostileFamily): string[] =>
  readdirSync(join(hostileFolder, family), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** What came of a file. */
export interface Outcome {
  readonly file: string;
  readonly status: number;
  readonly milliseconds: number;
  /** Columns and rows, or why it was refused. */
  readonly what: string;
  readonly code: string;
  readonly id: string;
}

/** Uploads a file as its name is to a running service. */
export const uploadFile = async (url: string, path: string): Promise<Outcome> => {
  const form = new FormData();
  form.set('file', new Blob([await readFile(path)]), basename(path));
  const began = performance.now();
  const response = await fetch(`${url}/api/upload`, { method: 'POST', body: form });
  const body = (await response.json()) as {
    error?: string;
    code?: string;
    rows?: number;
    columns?: unknown[];
    file_id?: string;
  };
  return {
    file: relative(hostileFolder, path),
    status: response.status,
    milliseconds: Math.round(performance.now() - began),
    what: body.error ?? `${body.columns?.length} columns, ${body.rows} rows`,
    code: body.code ?? '',
    id: body.file_id ?? '',
  };
};

/** What a file has to be answered with, where its corpus says. */
export type Expectation = 'read' | 'refused' | 'either';

// Read by other libraries, but not by DuckDB: a codec and encodings that it does not have, an odd map, encryption.
const unreadableParquet =
  /hadoop_lz4|map_no_value|byte_stream_split_extended|large_string_map|\.encrypted$|encrypt_columns_plaintext/;

/** What the corpora say of their own files (their READMEs and the names of JSONTestSuite). */
export const expectationOf = async (family: HostileFamily, path: string): Promise<Expectation> => {
  const name = basename(path);
  const folder = basename(dirname(path));
  switch (family) {
    case 'csv':
      if (folder === 'csv' || folder === 'csvs') return /^bad-|^all-empty/.test(name) ? 'either' : 'read';
      return 'either';
    case 'json':
      if (name.startsWith('n_')) return 'refused';
      return name.startsWith('y_') ? ((await isTable(path)) ? 'read' : 'refused') : 'either';
    case 'excel':
      if (/\.(xls|xlsb|ods)$|pass_protected/.test(name)) return 'refused';
      return 'either';
    case 'parquet':
      if (folder === 'bad_data' || !name.endsWith('.parquet') || unreadableParquet.test(name)) return 'either';
      return name.includes('corrupt') ? 'refused' : 'read';
    case 'avro':
      if (/truncated|bad-union|avro12$|no-codec|\.raw$/.test(name)) return 'either';
      return /(weather|syncInMeta|person-10|data|avro-1279).*\.avro$/.test(name) ? 'read' : 'either';
  }
};

/** Whether valid JSON is a table: an object, or an array of objects, with at least one key. */
const isTable = async (path: string): Promise<boolean> => {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  const rows = Array.isArray(value) ? value : [value];
  return (
    rows.length > 0 &&
    rows.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row)) &&
    rows.some((row) => Object.keys(row).length > 0)
  );
};
