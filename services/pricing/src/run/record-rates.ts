import type { PricingProblem, RateCounts } from '@vindima/contracts';
import type { RunTransaction } from '../context.ts';
import { insertRates, knownRates } from '../db/rates.ts';
import { lockFeed, takePlaces } from '../db/recordings.ts';
import type { Observation } from '../ecb/observation.ts';
import { byDayAndCurrency, diffRates, rateKey } from '../history/diff-rates.ts';
import { heldProblem, holdRates } from './hold-rates.ts';

/** Some tenths of a second of work: whoever else records waits no longer than that. */
const observationsPerTransaction = 5_000;

/** What came of an answer: counts, and the rates of it that are held back. */
export interface Recorded {
  readonly counts: RateCounts;
  readonly problems: readonly PricingProblem[];
}

/**
 * Records what is new in an answer, in transactions of some 5,000 rates each, so that others get their turn. What is known
 * already adds nothing, so that a repetition after a crash completes the rest. What is hard to believe is held back, each rate for itself.
 *
 * @param whole the answer has everything of its days: what is known and not in it was withdrawn
 */
export const recordRates = async (
  job: { readonly id: string; readonly transaction: RunTransaction },
  observations: readonly Observation[],
  { provider, clock, whole = false }: { provider: string; clock: () => Date; whole?: boolean },
): Promise<Recorded> => {
  let [inserted, revised] = [0, 0];
  const problems = new Map<string, PricingProblem>();
  for (const part of byDays(observations)) {
    const dates = [...new Set(part.map(({ date }) => date))];
    const { revisions, held } = await job.transaction(async (writing) => {
      await lockFeed(writing);
      const reading = { id: job.id, provider, now: clock() };
      const { believed, held } = await holdRates(writing, part, reading);
      const known = await knownRates(writing, provider, dates);
      const found = diffRates(known, whole ? [...believed, ...withdrawn(known, part)] : believed);
      if (found.length === 0) return { revisions: found, held };
      const { first } = await takePlaces(writing, found.length, clock());
      await insertRates(writing, provider, first, found);
      return { revisions: found, held };
    });
    for (const row of held) problems.set(row.id, heldProblem(row));
    const firsts = revisions.filter(({ revision }) => revision === 1).length;
    inserted += firsts;
    revised += revisions.length - firsts;
  }
  const counts = { observations: observations.length, inserted, revised, held: problems.size };
  return { counts, problems: [...problems.values()] };
};

/** The rates that are known and that a whole answer no longer has. */
export const withdrawn = (
  known: ReadonlyMap<string, { readonly rate: string | null }>,
  observations: readonly Observation[],
): Observation[] => {
  const read = new Set(observations.map(({ currency, date }) => rateKey(currency, date)));
  return [...known].flatMap(([key, { rate }]) => {
    const [date = '', currency = ''] = key.split(' ');
    return rate === null || read.has(key) ? [] : [{ currency, date, rate: null }];
  });
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

export const noRates: RateCounts = { observations: 0, inserted: 0, revised: 0, held: 0 };
export const nothingRecorded: Recorded = { counts: noRates, problems: [] };

export const add = (one: Recorded, other: Recorded): Recorded => ({
  counts: {
    observations: one.counts.observations + other.counts.observations,
    inserted: one.counts.inserted + other.counts.inserted,
    revised: one.counts.revised + other.counts.revised,
    held: (one.counts.held ?? 0) + (other.counts.held ?? 0),
  },
  problems: [...one.problems, ...other.problems],
});
