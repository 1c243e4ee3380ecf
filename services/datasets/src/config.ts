import { tmpdir } from 'node:os';
import { Duration, Size } from '@vindima/service-kit';
import { type Static, Type } from 'typebox';
import type { Limits } from './limits.ts';

/** The datasets service's own variables. `MAX_CONTENT_LENGTH` has the name that it had in the program this service replaces. */
export const DatasetsConfig = Type.Object({
  MAX_CONTENT_LENGTH: Size({ default: '16MiB', minimum: '1B', description: 'of an uploaded file' }),
  DATASETS_MAX_IMPORT_SIZE: Size({
    default: '4GB',
    formerly: 'MAX_IMPORT_SIZE',
    description: 'size of an object that is imported',
  }),
  DATASETS_MAX_EXPANDED_SIZE: Size({
    default: '4GB',
    formerly: 'MAX_EXPANDED_SIZE',
    description: 'what a compressed file may become',
  }),
  DATASETS_MAX_COLUMNS: Type.Integer({
    default: 5000,
    minimum: 1,
    maximum: 20_000,
    formerly: 'MAX_COLUMNS',
    description: 'columns of a table',
  }),
  DATASETS_MEMORY_LIMIT: Size({
    default: '512MB',
    formerly: 'MEMORY_LIMIT',
    description: 'memory of an engine process; what a query needs beyond goes to disk',
  }),
  DATASETS_DISK_LIMIT: Size({
    default: '20GB',
    formerly: 'DISK_LIMIT',
    description: 'temporary files of one piece of work',
  }),
  DATASETS_CACHE_SIZE: Size({
    default: '2GB',
    formerly: 'CACHE_SIZE',
    description: 'stored tables kept at hand on local disk',
  }),
  DATASETS_ENGINE_PROCESSES: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 32,
    formerly: 'ENGINE_PROCESSES',
    description: 'pieces of work at once',
  }),
  DATASETS_ENGINE_THREADS: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 64,
    formerly: 'ENGINE_THREADS',
    description: 'threads of each',
  }),
  DATASETS_ENGINE_WAITING: Type.Integer({
    default: 100,
    minimum: 0,
    formerly: 'ENGINE_WAITING',
    description: 'requests that may wait for an engine',
  }),
  DATASETS_REQUEST_TIMEOUT: Duration({
    default: '60s',
    minimum: '1ms',
    maximum: '24d',
    formerly: 'REQUEST_TIMEOUT_SECONDS',
    description: 'work of one request',
  }),
  DATASETS_JOB_TIMEOUT: Duration({
    default: '1h',
    minimum: '1ms',
    maximum: '24d',
    formerly: 'JOB_TIMEOUT_SECONDS',
    description: 'work of one job',
  }),
  DATASETS_INLINE_LIMIT: Size({
    default: '1MiB',
    formerly: 'INLINE_LIMIT',
    description: 'up to which a result is in the answer; larger ones are a link',
  }),
  DATASETS_ASYNC_THRESHOLD: Size({
    default: '64MB',
    formerly: 'ASYNC_THRESHOLD',
    description: 'stored tables larger than this are worked on by a job',
  }),
  DATASETS_RATE_LIMIT: Type.Integer({
    default: 600,
    minimum: 0,
    formerly: 'RATE_LIMIT',
    description: 'requests a minute and client; 0: no limit',
  }),
  DATASETS_RESULT_RETENTION: Duration({
    default: '30d',
    formerly: 'RESULT_RETENTION_DAYS',
    formerUnit: 'd',
    description: 'how long results and tables of errors are kept; 0: for ever',
  }),
  DATASETS_SOURCE_RETENTION: Duration({
    default: '30d',
    formerly: 'SOURCE_RETENTION_DAYS',
    formerUnit: 'd',
    description: 'how long uploaded files are kept, so that they can be read again; 0: for ever',
  }),
  DATASETS_SCRATCH_DIR: Type.String({
    default: tmpdir(),
    formerly: 'SCRATCH_DIR',
    description: 'local disk for work in progress',
  }),
});
export type DatasetsConfig = Static<typeof DatasetsConfig>;

/** The bounds of one piece of work. */
export const limitsOf = (config: DatasetsConfig): Limits => ({
  memory: config.DATASETS_MEMORY_LIMIT,
  threads: config.DATASETS_ENGINE_THREADS,
  expandedBytes: config.DATASETS_MAX_EXPANDED_SIZE,
  expansionRatio: 200,
  columns: config.DATASETS_MAX_COLUMNS,
  rowBytes: 4 * 2 ** 20,
  nesting: 64,
  temporaryBytes: config.DATASETS_DISK_LIMIT,
});
