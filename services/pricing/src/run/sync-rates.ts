import type { RateCounts } from '@vindima/contracts';
import { addDays, dayMs } from '../calendar.ts';
import type { PricingContext, RunTransaction } from '../context.ts';
import { type Coverage, readCoverage, writeCoverage } from '../db/coverage.ts';
import { rateSpan, ratesBetween } from '../db/rates.ts';
import { fetchRates } from '../ecb/fetch-rates.ts';
import { isSdmxQuery, type RatesWanted } from '../ecb/rates-url.ts';
import { maximumAgeDays } from '../rates/resolve-rate.ts';
import { coverageOfFile, planRates, unite } from './plan-rates.ts';
import { addCounts, noRates, recordRates } from './record-rates.ts';

type Needs = Pick<PricingContext, 'sources' | 'database' | 'upstream' | 'config' | 'clock'>;

/**
 * Fetches and records every rate from a day until now that is not known yet. Only when all of it is recorded is it said to be covered.
 *
 * @throws ServiceError of the request or of an answer that cannot be used; what was recorded before stays
 */
export const syncRates = async (
  context: Needs,
  job: { readonly transaction: RunTransaction; readonly signal: AbortSignal },
  from: string,
): Promise<RateCounts> => {
  const { sources, database, config, clock } = context;
  const now = clock();
  const known = await readCoverage(database.query, sources.provider);
  if (!isSdmxQuery(new URL(sources.currencyUrl))) return syncFile(context, job, known, now);
  const plan = planRates(known, { from, now, overlapDays: Math.ceil(config.PRICING_OVERLAP / dayMs) });
  let counts = noRates;
  for (const request of plan.requests) counts = addCounts(counts, await fetchAndRecord(context, job, request));
  await cover(job.transaction, sources.provider, plan.coverage);
  return counts;
};

/** Fetches the rates of one request and records what is new among them. */
export const fetchAndRecord = async (
  { sources, upstream, clock }: Needs,
  job: { readonly transaction: RunTransaction; readonly signal: AbortSignal },
  request: RatesWanted,
): Promise<RateCounts> => {
  const observations = await fetchRates({ ...upstream, signal: job.signal }, sources.currencyUrl, request);
  return recordRates(job.transaction, sources.provider, observations, clock);
};

/**
 * Asks for the last rates before a day when a wanted currency has none that may be used: to say since when it has none. That is one small
 * answer, with a row for every series, discontinued ones too.
 */
export const fetchLastRates = async (
  context: Needs,
  job: { readonly transaction: RunTransaction; readonly signal: AbortSignal },
  { currencies, to }: { readonly currencies: readonly string[]; readonly to: string },
): Promise<void> => {
  const { sources, database } = context;
  const recent = await ratesBetween(database.query, {
    provider: sources.provider,
    from: addDays(to, -maximumAgeDays),
    to,
    currencies,
    knownAt: Number.MAX_SAFE_INTEGER,
  });
  const found = new Set(['EUR', ...[...recent.values()].flatMap((day) => [...day.keys()])]);
  if (currencies.every((currency) => found.has(currency)) || !isSdmxQuery(new URL(sources.currencyUrl))) return;
  await fetchAndRecord(context, job, { to, lastObservations: 1 });
};

/** Adds to what is covered, whatever another process has added meanwhile. */
export const cover = (transaction: RunTransaction, provider: string, coverage: Coverage): Promise<void> =>
  transaction(async (writing) => {
    await writeCoverage(writing, provider, unite(await readCoverage(writing, provider), coverage));
  });

const syncFile = async (
  { sources, database, upstream, clock }: Needs,
  job: { readonly transaction: RunTransaction; readonly signal: AbortSignal },
  known: Coverage | undefined,
  now: Date,
) => {
  const span = await rateSpan(database.query, sources.provider);
  const observations = await fetchRates({ ...upstream, signal: job.signal }, sources.currencyUrl, {});
  const counts = await recordRates(job.transaction, sources.provider, observations, clock);
  const first = observations.reduce((earliest, { date }) => (date < earliest ? date : earliest), '9999-12-31');
  if (observations.length > 0) {
    const coverage = coverageOfFile(known, { first }, span?.last, now);
    await job.transaction((writing) => writeCoverage(writing, sources.provider, coverage));
  }
  return counts;
};
