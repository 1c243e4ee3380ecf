import { tmpdir } from 'node:os';
import { type Static, Type } from 'typebox';
import type { Limits } from './limits.ts';

const size = '^[0-9]+(\\.[0-9]+)?(B|KB|MB|GB|KiB|MiB|GiB)?$';

/** The datasets service's own variables. */
export const DatasetsConfig = Type.Object({
  MAX_CONTENT_LENGTH: Type.Integer({ default: 16 * 2 ** 20, minimum: 1, description: 'bytes of an uploaded file' }),
  MAX_IMPORT_SIZE: Type.String({ default: '4GB', pattern: size, description: 'size of an object that is imported' }),
  MAX_EXPANDED_SIZE: Type.String({ default: '4GB', pattern: size, description: 'what a compressed file may become' }),
  MAX_COLUMNS: Type.Integer({ default: 5000, minimum: 1, maximum: 20_000, description: 'columns of a table' }),
  MEMORY_LIMIT: Type.String({
    default: '512MB',
    pattern: size,
    description: 'memory of an engine process; what a query needs beyond goes to disk',
  }),
  DISK_LIMIT: Type.String({ default: '20GB', pattern: size, description: 'temporary files of one piece of work' }),
  CACHE_SIZE: Type.String({ default: '2GB', pattern: size, description: 'stored tables kept at hand on local disk' }),
  ENGINE_PROCESSES: Type.Integer({ default: 2, minimum: 1, maximum: 32, description: 'pieces of work at once' }),
  ENGINE_THREADS: Type.Integer({ default: 2, minimum: 1, maximum: 64, description: 'threads of each' }),
  ENGINE_WAITING: Type.Integer({ default: 100, minimum: 0, description: 'requests that may wait for an engine' }),
  REQUEST_TIMEOUT_SECONDS: Type.Number({ default: 60, exclusiveMinimum: 0, description: 'work of one request' }),
  JOB_TIMEOUT_SECONDS: Type.Number({ default: 3600, exclusiveMinimum: 0, description: 'work of one job' }),
  INLINE_LIMIT: Type.Integer({
    default: 2 ** 20,
    minimum: 0,
    description: 'bytes up to which a result is in the answer; larger ones are a link',
  }),
  ASYNC_THRESHOLD: Type.String({
    default: '64MB',
    pattern: size,
    description: 'stored tables larger than this are worked on by a job',
  }),
  RATE_LIMIT: Type.Integer({ default: 600, minimum: 0, description: 'requests a minute and client; 0: no limit' }),
  RESULT_RETENTION_DAYS: Type.Number({
    default: 30,
    minimum: 0,
    description: 'how long results and tables of errors are kept; 0: for ever',
  }),
  SOURCE_RETENTION_DAYS: Type.Number({
    default: 30,
    minimum: 0,
    description: 'how long uploaded files are kept, so that they can be read again; 0: for ever',
  }),
  SCRATCH_DIR: Type.String({ default: tmpdir(), description: 'local disk for work in progress' }),
});
export type DatasetsConfig = Static<typeof DatasetsConfig>;

const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Bytes of a size such as `512MB`; a plain number is bytes. */
export const bytesOf = (text: string): number => {
  const [, number = '0', unit = 'B'] = /^([0-9.]+)([A-Za-z]*)$/.exec(text) ?? [];
  return Math.floor(Number(number) * (units[unit === '' ? 'B' : unit] ?? 1));
};

/** The bounds of one piece of work. */
export const limitsOf = (config: DatasetsConfig): Limits => ({
  memory: bytesOf(config.MEMORY_LIMIT),
  threads: config.ENGINE_THREADS,
  expandedBytes: bytesOf(config.MAX_EXPANDED_SIZE),
  expansionRatio: 200,
  columns: config.MAX_COLUMNS,
  rowBytes: 4 * 2 ** 20,
  nesting: 64,
  temporaryBytes: bytesOf(config.DISK_LIMIT),
});
