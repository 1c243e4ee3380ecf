import type { Observation } from '../ecb/observation.ts';

/** A rate as it is to be recorded: the first one of its day, or a revision of it. */
export interface RateRevision extends Observation {
  /** From 1. */
  readonly revision: number;
}

/** The newest revision that is known of a day and currency. */
export interface KnownRate {
  readonly rate: string | null;
  readonly revision: number;
}

export const rateKey = (currency: string, date: string) => `${date} ${currency}`;

/**
 * Compares an answer with what is known. Days without a value are no observations, unless they had one before: then it was withdrawn.
 *
 * @param known by `rateKey`
 * @returns what is new or different, oldest first; the same answer again gives nothing
 */
export const diffRates = (
  known: ReadonlyMap<string, KnownRate>,
  observations: readonly Observation[],
): RateRevision[] =>
  observations
    .flatMap((observation) => {
      const before = known.get(rateKey(observation.currency, observation.date));
      if (before === undefined ? observation.rate === null : before.rate === observation.rate) return [];
      return [{ ...observation, revision: (before?.revision ?? 0) + 1 }];
    })
    .sort(byDayAndCurrency);

/** Oldest first, then by currency. */
export const byDayAndCurrency = (one: Observation, other: Observation): number =>
  compare(one.date, other.date) || compare(one.currency, other.currency);

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
