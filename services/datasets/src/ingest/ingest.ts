import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetColumn, DatasetWarning, Dialect, UploadFormat, UploadOptions } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier, literal } from '../engine/sql.ts';
import { writeTable } from '../engine/write-table.ts';
import { readAvro } from './avro/read.ts';
import { readCsv } from './csv/read.ts';
import { claimedFamily, detectFamily, type Family, familyOfFormat, isGzip } from './detect.ts';
import { readExcel } from './excel/read.ts';
import { gunzip } from './gunzip.ts';
import { readJson } from './json/read.ts';
import { readParquet } from './parquet/read.ts';
import { unreadable, wrongType } from './refuse.ts';
import type { TableSource } from './table-source.ts';
import { createWarnings, type Warnings } from './warnings.ts';

export interface IngestInput {
  /** The file as it came. */
  readonly path: string;
  /** Its name, for what the name says of the content. */
  readonly filename: string;
  readonly options: UploadOptions;
  /** Where the table is to be written. */
  readonly output: string;
}

export interface IngestResult {
  readonly format: UploadFormat;
  readonly dialect: Dialect;
  readonly columns: DatasetColumn[];
  readonly warnings: DatasetWarning[];
  readonly rows: number;
  readonly bytes: number;
}

/** Reads a file of any format once and writes it as the Parquet file that everything else works on. */
export const ingest = async (
  session: Session,
  { path, filename, options, output }: IngestInput,
): Promise<IngestResult> => {
  const warnings = createWarnings();
  const claimed = options.format === undefined ? claimedFamily(filename) : familyOfFormat(options.format);
  const compressed = await isGzip(path);
  let file = path;
  if (compressed) {
    file = join(session.folder, 'expanded');
    await gunzip(path, file, session.limits);
  }
  const family = await detectFamily(file, claimed);
  if (compressed && family !== 'text' && family !== 'json') {
    throw wrongType('wrong_compression', 'Only text formats are read from gzip files; upload this one as it is.');
  }
  const source = chosen(await read(session, file, family, options, claimed === 'text', warnings), options);
  const columns = source.columns.map(({ name, sql }) => `${sql} AS ${identifier(name)}`).join(', ');
  const limit = options.rows === undefined ? '' : `LIMIT ${options.rows}`;
  const rows = await writeTable(session, `SELECT ${columns} FROM ${source.relation} ${limit}`, output);
  if (options.rows === undefined) tellLostRows(rows, source.expected, warnings);
  return {
    format: source.format,
    dialect: { ...(compressed ? { compression: 'gzip' as const } : {}), ...source.dialect },
    columns: source.columns.map(({ name, type }) => ({ name, type })),
    warnings: warnings.list(),
    rows,
    bytes: (await stat(output)).size,
  };
};

/** Of a source, the columns that its uploader wants, in that order. @throws 422 `datasets.unknown_column` */
const chosen = <Source extends TableSource>(source: Source, { columns: wanted }: UploadOptions): Source => {
  if (wanted === undefined) return source;
  const columns = wanted.map((name) => {
    const column = source.columns.find((one) => one.name === name);
    if (column !== undefined) return column;
    throw unreadable('unknown_column', `There is no column ${JSON.stringify(name)}.`, { column: name });
  });
  return { ...source, columns };
};

/** Rows that are fewer than the file has are a header that came again; none at all, or more, are a defect. */
const tellLostRows = (rows: number, expected: number | undefined, warnings: Warnings): void => {
  if (expected === undefined || rows === expected) return;
  if (rows > expected || rows * 2 < expected) throw new TypeError(`${rows} rows were read of ${expected}`);
  warnings.add({
    code: 'repeated_header',
    message: `The header came again in ${expected - rows} rows, which were left out`,
  });
};

const read = async (
  session: Session,
  path: string,
  family: Family,
  options: UploadOptions,
  claimedText: boolean,
  warnings: Warnings,
): Promise<TableSource & { format: UploadFormat }> => {
  switch (family) {
    case 'text':
      return { ...(await readCsv(session, path, options, claimedText, warnings)), format: 'csv' };
    case 'json':
      return readJson(session, path, options, warnings);
    case 'excel':
      return { ...(await readExcel(session, path, options, warnings)), format: 'excel' };
    case 'parquet':
      return { ...(await readParquet(session, path, warnings)), format: 'parquet' };
    case 'avro':
      return { ...(await readAvro(session, path, warnings)), format: 'avro' };
  }
};

/** SQL of a stored table, for FROM. */
export const tableRelation = (path: string): string => `read_parquet(${literal(path)})`;
