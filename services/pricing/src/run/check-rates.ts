import { addDays, dateOf, daysBetween } from '../calendar/dates.ts';
import { lastDueDay } from '../calendar/target.ts';
import type { PricingContext } from '../context.ts';
import { knownRates } from '../db/rates.ts';
import type { Observation } from '../ecb/observation.ts';
import { add, nothingRecorded, type Recorded, recordRates, withdrawn } from './record-rates.ts';
import { incomplete } from './require-days.ts';
import { cover, fetchWhole } from './sync-rates.ts';

const windowDays = 5 * 366;
/** Of one window. More than these have not been withdrawn, but are missing in the answer. */
const maximumWithdrawn = 100;

type Job = Parameters<typeof recordRates>[0] & {
  readonly signal: AbortSignal;
  progress(fraction: number, message: string): void;
};

/**
 * Reads all rates from a day until now, whatever is known, and compares them value by value: it finds holes, changes and withdrawals in one. What
 * is withdrawn has to lack in two readings, one after the other.
 *
 * @throws ServiceError 502 `pricing.rates_incomplete`; as `fetchRates`
 */
export const checkRates = async (context: PricingContext, job: Job, from: string): Promise<Recorded> => {
  const { sources, clock } = context;
  const { provider } = sources;
  const now = clock();
  const today = dateOf(now);
  let all = nothingRecorded;
  for (let to = today; to >= from; to = addDays(to, -windowDays - 1)) {
    job.signal.throwIfAborted();
    const start = addDays(to, -windowDays);
    const window = { from: start > from ? start : from, to };
    job.progress(daysBetween(to, today) / (daysBetween(from, today) + 1), `Comparing the rates until ${to}`);
    const first = await fetchWhole(context, job.signal, window);
    const gone = await missingIn(context, first);
    if (gone.length > maximumWithdrawn) throw incomplete([...new Set(gone.map(({ date }) => date))]);
    const observations = gone.length === 0 ? first : [...first, ...(await fetchWhole(context, job.signal, window))];
    all = add(all, await recordRates(job, once(observations), { provider, clock, whole: true }));
  }
  const due = lastDueDay(now);
  await cover(job.transaction, provider, { from: from < due ? from : due, syncedAt: now.toISOString() });
  return all;
};

const missingIn = async ({ database, sources }: PricingContext, observations: readonly Observation[]) => {
  const days = [...new Set(observations.map(({ date }) => date))];
  const gone: Observation[] = [];
  for (let start = 0; start < days.length; start += 500) {
    const part = new Set(days.slice(start, start + 500));
    const known = await database.transaction((reading) => knownRates(reading, sources.provider, [...part]));
    gone.push(
      ...withdrawn(
        known,
        observations.filter(({ date }) => part.has(date)),
      ),
    );
  }
  return gone;
};

/** Of two readings the later one counts. */
const once = (observations: readonly Observation[]) => [
  ...new Map(observations.map((observation) => [observation.date + observation.currency, observation])).values(),
];
