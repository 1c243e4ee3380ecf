import { dateOf } from '../calendar/dates.ts';
import type { PricingContext } from '../context.ts';
import { readCoverage } from '../db/coverage.ts';
import { hasProducts } from '../db/products.ts';
import type { HistoryJob, RunJob } from '../jobs.ts';

/**
 * Starts a run if there are no products yet, and loads the history of rates that is not there, so that answers work from day one.
 * Replicas that start together do it once.
 */
export const loadOnFirstUse = async (
  context: PricingContext,
  jobs: { readonly run: RunJob; readonly history: HistoryJob },
  categories: string[],
): Promise<void> => {
  const { config, database, sources, clock } = context;
  const now = clock();
  const hour = `${dateOf(now)}T${now.getUTCHours()}`;
  if (config.PRICING_RUN_AT_START && !(await hasProducts(database.query, sources.store))) {
    await jobs.run.start({ categories }, { idempotencyKey: `first-use-${sources.store}-${hour}` });
  }
  const from = config.PRICING_HISTORY_FROM;
  const coverage = await readCoverage(database.query, sources.provider);
  if (from === 'off' || (coverage !== undefined && coverage.from <= from)) return;
  await jobs.history.start({ from }, { idempotencyKey: `first-use-${sources.provider}-${from}-${hour}` });
};
