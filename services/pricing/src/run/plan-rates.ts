import { addDays, dateOf } from '../calendar/dates.ts';
import type { Coverage } from '../db/coverage.ts';
import type { RatesWanted } from '../ecb/rates-url.ts';
import { maximumAgeDays } from '../rates/resolve-rate.ts';

export interface RatesPlan {
  /** In this order. */
  readonly requests: readonly RatesWanted[];
  /** What is covered when all of them were answered. */
  readonly coverage: Coverage;
}

/**
 * Plans how to know all rates from a day until now: what was never asked for by its days, the rest as an increment of what was
 * published or revised since the last time, with an overlap, as clocks and publications may be late.
 *
 * @param from first day that is wanted; the days before it that may be carried forward are asked for too
 */
export const planRates = (
  known: Coverage | undefined,
  { from, now, overlapDays }: { from: string; now: Date; overlapDays: number },
): RatesPlan => {
  const today = dateOf(now);
  const start = addDays(from < today ? from : today, -maximumAgeDays);
  const syncedAt = now.toISOString();
  if (known === undefined) return { requests: [{ from: start }], coverage: { from: start, syncedAt } };
  const increment = { updatedAfter: new Date(Date.parse(known.syncedAt) - overlapDays * 86_400_000) };
  if (start >= known.from) return { requests: [increment], coverage: { from: known.from, syncedAt } };
  return {
    requests: [{ from: start, to: addDays(known.from, -1) }, increment],
    coverage: { from: start, syncedAt },
  };
};

/**
 * What is covered after a whole file was fetched, which has the days that it has. A file that begins behind the last day known leaves
 * a gap: then only its own days are covered.
 */
export const coverageOfFile = (
  known: Coverage | undefined,
  file: { readonly first: string },
  lastKnown: string | undefined,
  now: Date,
): Coverage => {
  const gapless = known !== undefined && lastKnown !== undefined && file.first <= lastKnown;
  return { from: gapless && known.from < file.first ? known.from : file.first, syncedAt: now.toISOString() };
};

/** What two processes have covered: each of them all days from its first one until it asked. */
export const unite = (one: Coverage | undefined, other: Coverage): Coverage =>
  one === undefined
    ? other
    : {
        from: one.from < other.from ? one.from : other.from,
        syncedAt: one.syncedAt > other.syncedAt ? one.syncedAt : other.syncedAt,
      };
