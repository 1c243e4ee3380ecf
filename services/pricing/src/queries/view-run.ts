import { type Job, type PricingRun, type PricingRunInput, ServiceError } from '@vindima/contracts';
import type { PricingKit } from '../context.ts';
import { readRun } from '../db/runs.ts';
import { runKind } from '../jobs.ts';
import { noProducts } from '../run/record-products.ts';
import { noRates } from '../run/record-rates.ts';

/** @returns a run as it stands. @throws ServiceError 404 `pricing.unknown_run` */
export const viewRun = async (
  { database, jobs }: Pick<PricingKit, 'database' | 'jobs'>,
  id: string,
): Promise<PricingRun> => {
  const ended = await readRun(database.query, id);
  if (ended !== undefined) return ended;
  const unknown = new ServiceError(404, 'pricing.unknown_run', `There is no run "${id}".`, { details: { id } });
  const job = await jobs.get(id).catch((error: unknown) => {
    throw error instanceof ServiceError && error.status === 404 ? unknown : error;
  });
  if (job.kind !== runKind) throw unknown;
  // It may have ended between the two looks.
  return (await readRun(database.query, id)) ?? fromJob(job);
};

/** Of a run that has not ended, or whose process died each time, only the job knows. */
export const fromJob = (job: Job): PricingRun => ({
  id: job.id,
  state: job.state,
  input: job.input as PricingRunInput,
  problems: job.error === null ? [] : [{ part: 'prices', ...job.error }],
  rates: noRates,
  products: noProducts,
  prices: 0,
  snapshot: null,
  as_of: null,
  created_at: job.created_at,
  started_at: job.started_at,
  finished_at: job.finished_at,
});
