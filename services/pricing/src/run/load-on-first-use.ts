import { scheduledRetries } from '@vindima/service-kit';
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
  const { config, database, sources } = context;
  if (config.PRICING_RUN_AT_START && !(await hasProducts(database.query, sources.store))) {
    const idempotencyKey = `first-use-${sources.store}-${hourOf(context)}`;
    await jobs.run.start({ categories }, { idempotencyKey, retries: scheduledRetries });
  }
  await loadMissingHistory(context, jobs.history);
};

/** Starts to load the history of rates that is not there. It is tried again if it fails; so does the next day's run ask for it. */
export const loadMissingHistory = async (context: PricingContext, history: HistoryJob): Promise<void> => {
  const { config, database, sources } = context;
  const from = config.PRICING_HISTORY_FROM;
  const coverage = await readCoverage(database.query, sources.provider);
  if (from === 'off' || (coverage !== undefined && coverage.from <= from)) return;
  const idempotencyKey = `first-use-${sources.provider}-${from}-${hourOf(context)}`;
  await history.start({ from }, { idempotencyKey, retries: scheduledRetries });
};

const hourOf = ({ clock }: PricingContext) => `${dateOf(clock())}T${clock().getUTCHours()}`;
