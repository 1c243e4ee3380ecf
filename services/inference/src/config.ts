import { availableParallelism } from 'node:os';
import { Duration, Size } from '@vindima/service-kit';
import { type Static, Type } from 'typebox';

const mebibyte = 1024 * 1024;

/** The inference service's own variables. */
export const InferenceConfig = Type.Object({
  INFERENCE_WORKERS: Type.Integer({
    default: Math.max(1, Math.min(4, availableParallelism() - 1)),
    minimum: 1,
    maximum: 64,
    description: 'threads that run models; each model lives in one of them',
  }),
  INFERENCE_THREADS: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 256,
    description: 'threads that one run of a model may use',
  }),
  INFERENCE_MEMORY_BYTES: Type.Integer({
    default: 1024 * mebibyte,
    minimum: mebibyte,
    description: 'memory of all loaded models; the least recently used go first',
  }),
  INFERENCE_MAXIMUM_MODEL_BYTES: Type.Integer({
    default: 256 * mebibyte,
    minimum: 1,
    maximum: 1024 * mebibyte,
    description: 'larger files are refused',
  }),
  INFERENCE_MAXIMUM_BODY_BYTES: Type.Integer({
    default: 32 * mebibyte,
    minimum: 1024,
    maximum: 512 * mebibyte,
    description: 'larger requests for an answer are refused',
  }),
  INFERENCE_MAXIMUM_ROWS: Type.Integer({
    default: 10_000,
    minimum: 1,
    maximum: 100_000,
    description: 'rows of one request; more are work for a job',
  }),
  INFERENCE_TRIAL_SECONDS: Type.Number({
    default: 60,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'how long a new file may take to be read, loaded and run once',
  }),
  INFERENCE_RUN_TIMEOUT: Duration({
    default: '10s',
    minimum: '100ms',
    maximum: '1h',
    description: 'how long a run in a process may take, besides ten times what it took in its trial',
  }),
  INFERENCE_RUN_MEMORY: Size({
    default: '512MiB',
    minimum: '16MiB',
    description: 'memory that a run in a process may take, besides what its model has',
  }),
  INFERENCE_MAX_BATCH: Type.Integer({
    default: 64,
    minimum: 1,
    maximum: 4096,
    description: 'rows that run together, for models that do not have their own',
  }),
  INFERENCE_MAX_WAIT_MS: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1000,
    description: 'how long a row waits for others while there is traffic, for models that do not have their own',
  }),
  INFERENCE_QUEUE_ROWS: Type.Integer({
    default: 20_000,
    minimum: 1,
    description: 'rows that may wait for one model; more are answered with 429',
  }),
  INFERENCE_HISTORY_DAYS: Type.Number({
    default: 90,
    exclusiveMinimum: 0,
    maximum: 36_500,
    description: 'how long classifications are remembered',
  }),
  INFERENCE_SYNC_SECONDS: Type.Number({
    default: 1,
    exclusiveMinimum: 0,
    maximum: 3600,
    description: 'how soon a replica follows what another one has promoted',
  }),
  INFERENCE_MAXIMUM_DATASET_BYTES: Type.Integer({
    default: 1024 * mebibyte,
    minimum: 1,
    description: 'larger files are refused by prediction jobs',
  }),
});
export type InferenceConfig = Static<typeof InferenceConfig>;
