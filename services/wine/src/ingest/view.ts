import {
  type Job,
  ServiceError,
  type WineIngestion,
  WineIngestionResult,
  WineIngestRequest,
  wineIngestionKind,
} from '@vindima/contracts';
import Value from 'typebox/value';

const resultOf = (job: Job): WineIngestionResult | null => {
  const candidate: unknown = job.result ?? job.error?.details.result;
  return Value.Check(WineIngestionResult, candidate) ? candidate : null;
};

/** What of a job's input the caller has sent. */
const requestOf = (input: unknown): WineIngestRequest => {
  const { accepted_by: _by, ...request } = (input ?? {}) as Record<string, unknown>;
  return Value.Check(WineIngestRequest, request) ? request : {};
};

/**
 * Shows a job as the ingestion that it is: a job knows no `partial`.
 *
 * @throws 404 `wine.unknown_ingestion` for a job of another kind
 */
export const viewIngestion = (job: Job): WineIngestion => {
  if (job.kind !== wineIngestionKind) {
    throw new ServiceError(404, 'wine.unknown_ingestion', `There is no ingestion ${job.id}.`);
  }
  const result = resultOf(job);
  return {
    id: job.id,
    state: job.state === 'succeeded' ? (result?.outcome ?? 'succeeded') : job.state,
    progress: job.progress,
    message: job.message,
    requested: requestOf(job.input),
    result,
    error: job.error === null ? null : { code: job.error.code, error: job.error.error },
    created_at: job.created_at,
    started_at: job.started_at,
    finished_at: job.finished_at,
  };
};
