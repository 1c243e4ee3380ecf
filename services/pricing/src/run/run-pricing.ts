import {
  type PricingProblem,
  type PricingRun,
  type PricingRunInput,
  ServiceError,
  snapshotCreated,
} from '@vindima/contracts';
import type { JobContext } from '@vindima/service-kit';
import type { PricingContext } from '../context.ts';
import { presentIds } from '../db/products.ts';
import { knownAt } from '../db/recordings.ts';
import { writeRun } from '../db/runs.ts';
import type { Tables } from '../db/tables.ts';
import { writeSnapshot } from '../lake/write-snapshot.ts';
import { priceRun } from './price-run.ts';
import { toProblem } from './problem.ts';
import { readCatalogue } from './read-catalogue.ts';
import { noProducts, recordProducts } from './record-products.ts';
import { noRates } from './record-rates.ts';
import { completeInput } from './run-input.ts';
import { fetchLastRates, syncRates } from './sync-rates.ts';

type Job = JobContext<PricingRunInput, Tables>;

/**
 * One run: rates, then products, each recorded as far as they can be had; then the prices of both as a snapshot. What failed
 * is a problem of the run, which the next one makes good: everything recorded is compared by content, so nothing is doubled.
 */
export const runPricing =
  (context: PricingContext) =>
  async (job: Job): Promise<void> => {
    const startedAt = context.clock().toISOString();
    const input = completeInput(job.input, context);
    const problems: PricingProblem[] = [];
    const attempt = async <Result>(
      part: PricingProblem['part'],
      work: () => Promise<Result>,
    ): Promise<Result | undefined> => {
      try {
        return await work();
      } catch (error) {
        // A run that was cancelled, or whose service stops, has no problem: it ends.
        job.signal.throwIfAborted();
        problems.push(toProblem(part, error));
        return undefined;
      }
    };

    job.progress(0.05, 'Asking for rates');
    const recorded = await attempt('rates', () => syncRates(context, job, input.from));
    const rates = recorded?.counts;
    problems.push(...(recorded?.problems ?? []).slice(0, 20));
    if (rates !== undefined) await attempt('rates', () => fetchLastRates(context, job, input));
    job.progress(0.4, 'Reading the store');
    const products = await attempt('products', async () => {
      const known = await presentIds(context.database.query, context.sources.store);
      const catalogue = await readCatalogue(context, known, job.signal);
      for (const problem of catalogue.problems.slice(0, 20)) problems.push(unusableProduct(problem));
      return recordProducts(context, job.transaction, catalogue);
    });
    job.progress(0.7, 'Pricing');
    // Without the store's present prices there is nothing to say about today; the rates are recorded all the same.
    const priced = products && (await attempt('prices', () => priceRun(context, input)));
    problems.push(...(priced?.problems ?? []));
    const run = { id: job.id, input, signal: job.signal };
    const table = priced?.table;
    job.progress(0.9, 'Writing the snapshot');
    const snapshot =
      table && table.rows() > 0 ? await attempt('snapshot', () => writeSnapshot(context, run, table)) : undefined;

    const nothing = rates === undefined && products === undefined;
    const ended: PricingRun = {
      id: job.id,
      state: nothing ? 'failed' : problems.length > 0 ? 'partial' : 'succeeded',
      input,
      problems,
      rates: rates ?? noRates,
      products: products ?? noProducts,
      prices: table?.rows() ?? 0,
      snapshot: snapshot ?? null,
      as_of: (await knownAt(context.database.query)).recordedAt,
      created_at: startedAt,
      started_at: startedAt,
      finished_at: context.clock().toISOString(),
    };
    if (nothing) {
      await job.transaction((transaction) => writeRun(transaction, ended));
      throw runFailed(problems);
    }
    await job.complete(async (transaction) => {
      await writeRun(transaction, ended);
      if (snapshot !== undefined) await context.messages.send(transaction, snapshotCreated, snapshot);
      return ended;
    });
  };

const unusableProduct = (reason: string) =>
  toProblem(
    'products',
    new ServiceError(502, 'pricing.unusable_product', `A product of the store was left out. ${reason}`, {
      details: { reason },
    }),
  );

const runFailed = (problems: readonly PricingProblem[]) =>
  new ServiceError(502, 'pricing.run_failed', problems.map(({ error }) => error).join(' '), { details: { problems } });
