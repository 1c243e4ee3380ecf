import type { RateCounts } from '@vindima/contracts';
import type { RunTransaction } from '../context.ts';
import { insertRates, knownRates } from '../db/rates.ts';
import { lockFeed, takePlaces } from '../db/recordings.ts';
import type { Observation } from '../ecb/observation.ts';
import { byDayAndCurrency, diffRates } from '../history/diff-rates.ts';

const observationsPerTransaction = 20_000;

/**
 * Records what is new in an answer, in transactions of some 20,000 rates each, so that others get their turn. What is known
 * already adds nothing, so that a repetition after a crash completes the rest.
 */
export const recordRates = async (
  transaction: RunTransaction,
  provider: string,
  observations: readonly Observation[],
  clock: () => Date,
): Promise<RateCounts> => {
  let [inserted, revised] = [0, 0];
  for (const part of byDays(observations)) {
    const dates = [...new Set(part.map(({ date }) => date))];
    const revisions = await transaction(async (writing) => {
      await lockFeed(writing);
      const found = diffRates(await knownRates(writing, provider, dates), part);
      if (found.length === 0) return found;
      const { first } = await takePlaces(writing, found.length, clock());
      await insertRates(writing, provider, first, found);
      return found;
    });
    const firsts = revisions.filter(({ revision }) => revision === 1).length;
    inserted += firsts;
    revised += revisions.length - firsts;
  }
  return { observations: observations.length, inserted, revised };
};

/** Parts of a bounded size, oldest days first, no day in two of them. */
function* byDays(observations: readonly Observation[]) {
  const sorted = observations.toSorted(byDayAndCurrency);
  let part: Observation[] = [];
  for (const observation of sorted) {
    if (part.length >= observationsPerTransaction && part.at(-1)?.date !== observation.date) {
      yield part;
      part = [];
    }
    part.push(observation);
  }
  if (part.length > 0) yield part;
}

export const noRates: RateCounts = { observations: 0, inserted: 0, revised: 0 };

export const addCounts = (one: RateCounts, other: RateCounts): RateCounts => ({
  observations: one.observations + other.observations,
  inserted: one.inserted + other.inserted,
  revised: one.revised + other.revised,
});
