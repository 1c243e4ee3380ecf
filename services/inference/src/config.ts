import { availableParallelism } from 'node:os';
import { Duration, Size } from '@vindima/service-kit';
import { type Static, Type } from 'typebox';

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
  INFERENCE_MEMORY: Size({
    default: '1GiB',
    minimum: '1MiB',
    formerly: 'INFERENCE_MEMORY_BYTES',
    description: 'memory of all loaded models; the least recently used go first',
  }),
  INFERENCE_MAXIMUM_MODEL_SIZE: Size({
    default: '256MiB',
    minimum: '1B',
    maximum: '1GiB',
    formerly: 'INFERENCE_MAXIMUM_MODEL_BYTES',
    description: 'larger files are refused',
  }),
  INFERENCE_MAXIMUM_BODY_SIZE: Size({
    default: '32MiB',
    minimum: '1KiB',
    maximum: '512MiB',
    formerly: 'INFERENCE_MAXIMUM_BODY_BYTES',
    description: 'larger requests for an answer are refused',
  }),
  INFERENCE_MAXIMUM_ROWS: Type.Integer({
    default: 10_000,
    minimum: 1,
    maximum: 100_000,
    description: 'rows of one request; more are work for a job',
  }),
  INFERENCE_TRIAL_TIMEOUT: Duration({
    default: '60s',
    minimum: '1ms',
    maximum: '1h',
    formerly: 'INFERENCE_TRIAL_SECONDS',
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
  INFERENCE_MAX_WAIT: Duration({
    default: '1ms',
    maximum: '1s',
    formerly: 'INFERENCE_MAX_WAIT_MS',
    formerUnit: 'ms',
    description: 'how long a row waits for others while there is traffic, for models that do not have their own',
  }),
  INFERENCE_QUEUE_ROWS: Type.Integer({
    default: 20_000,
    minimum: 1,
    description: 'rows that may wait for one model; more are answered with 429',
  }),
  INFERENCE_HISTORY_RETENTION: Duration({
    default: '90d',
    minimum: '1ms',
    maximum: '36500d',
    formerly: 'INFERENCE_HISTORY_DAYS',
    formerUnit: 'd',
    description: 'how long classifications are remembered',
  }),
  INFERENCE_SYNC_INTERVAL: Duration({
    default: '1s',
    minimum: '1ms',
    maximum: '1h',
    formerly: 'INFERENCE_SYNC_SECONDS',
    description: 'how soon a replica follows what another one has promoted',
  }),
  INFERENCE_MAXIMUM_DATASET_SIZE: Size({
    default: '1GiB',
    minimum: '1B',
    formerly: 'INFERENCE_MAXIMUM_DATASET_BYTES',
    description: 'larger files are refused by prediction jobs',
  }),
});
export type InferenceConfig = Static<typeof InferenceConfig>;
