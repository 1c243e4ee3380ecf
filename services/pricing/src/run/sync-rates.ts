import { addDays, dateOf, dayMs } from '../calendar/dates.ts';
import { lastDueDay } from '../calendar/target.ts';
import type { PricingContext, RunTransaction } from '../context.ts';
import { type Coverage, readCoverage, writeCoverage } from '../db/coverage.ts';
import { lastDayWithRates, rateSpan, ratesBetween } from '../db/rates.ts';
import { fetchRates } from '../ecb/fetch-rates.ts';
import type { Observation } from '../ecb/observation.ts';
import { isSdmxQuery, type RatesWanted } from '../ecb/rates-url.ts';
import { maximumAgeDays } from '../rates/resolve-rate.ts';
import { coverageOfFile, planRates, unite } from './plan-rates.ts';
import { add, nothingRecorded, type Recorded, recordRates } from './record-rates.ts';
import { absentDays, incomplete } from './require-days.ts';

type Needs = Pick<PricingContext, 'sources' | 'database' | 'upstream' | 'config' | 'clock'>;

/**
 * Fetches and records every rate from a day until now that is not known yet. Only when all of it is recorded is it said to be covered.
 *
 * @throws ServiceError of the request or of an answer that cannot be used; what was recorded before stays
 */
export const syncRates = async (context: Needs, job: Job, from: string): Promise<Recorded> => {
  const { sources, database, config, clock } = context;
  const now = clock();
  const known = await readCoverage(database.query, sources.provider);
  if (!isSdmxQuery(new URL(sources.currencyUrl))) return syncFile(context, job, known, now);
  const plan = planRates(known, { from, now, overlapDays: Math.ceil(config.PRICING_OVERLAP / dayMs) });
  let all = nothingRecorded;
  let silent = false;
  for (const request of plan.requests) {
    const found = await fetchAndRecord(context, job, request);
    all = add(all, found);
    if (request.updatedAfter !== undefined) silent = found.counts.observations === 0;
  }
  all = add(all, await fetchLateDays(context, job, plan.coverage.from, now));
  // "Nothing new" may be a mistake of theirs: the next time asks for the same again.
  const syncedAt = silent && known !== undefined ? known.syncedAt : plan.coverage.syncedAt;
  await cover(job.transaction, sources.provider, { ...plan.coverage, syncedAt });
  return all;
};

interface Job {
  readonly id: string;
  readonly transaction: RunTransaction;
  readonly signal: AbortSignal;
}

/** Asks, by their days, for those that must be out and did not come with an increment. */
const fetchLateDays = async (context: Needs, job: Job, covered: string, now: Date): Promise<Recorded> => {
  const { database, sources } = context;
  const due = lastDueDay(now);
  const last = (await lastDayWithRates(database.query, sources.provider, due)) ?? covered;
  return last < due ? fetchAndRecord(context, job, { from: addDays(last, 1), to: due }) : nothingRecorded;
};

/** Fetches the rates of one request and records what is new among them. @throws as `fetchWhole` */
export const fetchAndRecord = async (context: Needs, job: Job, request: RatesWanted): Promise<Recorded> => {
  const { sources, clock } = context;
  return recordRates(job, await fetchWhole(context, job.signal, request), { provider: sources.provider, clock });
};

/**
 * Fetches the rates of one request. Days that were asked for and must be out have to be there; if some lack, the request is made once more, and if the
 * second answer has none at all, or lacks others than the first, nothing of it counts.
 *
 * @throws ServiceError 502 `pricing.rates_incomplete`; as `fetchRates`
 */
export const fetchWhole = async (
  { sources, upstream, clock }: Needs,
  signal: AbortSignal,
  request: RatesWanted,
): Promise<Observation[]> => {
  const { from, to = dateOf(clock()), updatedAfter, lastObservations } = request;
  const { currencyUrl } = sources;
  const fetch = () => fetchRates({ ...upstream, signal }, currencyUrl, request);
  const first = await fetch();
  if (from === undefined || updatedAfter !== undefined || lastObservations !== undefined) return first;
  const asked = { from, to, now: clock(), currencyUrl };
  const lacking = absentDays(first, asked);
  if (lacking.length === 0) return first;
  const second = await fetch();
  const still = absentDays(second, asked);
  const none = still.length === absentDays([], asked).length;
  if (none || still.length > maximumAbsentDays || (still.length > 0 && still.join() !== lacking.join())) {
    throw incomplete(still);
  }
  return second;
};

/** Of one answer: as many as the calendar might not know of, were TARGET to close for a reason that nobody foresaw. */
const maximumAbsentDays = 2;

/**
 * Asks for the last rates before a day when a wanted currency has none that may be used: to say since when it has none. That is one small
 * answer, with a row for every series, discontinued ones too.
 */
export const fetchLastRates = async (
  context: Needs,
  job: Job,
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
  job: Job,
  known: Coverage | undefined,
  now: Date,
) => {
  const span = await rateSpan(database.query, sources.provider);
  const observations = await fetchRates({ ...upstream, signal: job.signal }, sources.currencyUrl, {});
  const recorded = await recordRates(job, observations, { provider: sources.provider, clock });
  const first = observations.reduce((earliest, { date }) => (date < earliest ? date : earliest), '9999-12-31');
  if (observations.length > 0) {
    const coverage = coverageOfFile(known, { first }, span?.last, now);
    await job.transaction((writing) => writeCoverage(writing, sources.provider, coverage));
  }
  return recorded;
};
