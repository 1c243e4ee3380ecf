import type { HeldRate } from '@vindima/contracts';
import { addDays } from '../calendar/dates.ts';
import type { Observation } from '../ecb/observation.ts';
import type { PublishedRates } from './resolve-rate.ts';

/** A rate that is not believed, and what stands beside it. */
export interface Suspect {
  readonly observation: Observation;
  readonly reason: HeldRate['reason'];
  readonly previous: string | null;
  readonly next: string | null;
}

/** In logarithms. A jump in history that comes back has to be this large: no true one of 1999 to 2025 did both. */
const jumpInHistory = 0.5;
/** A move of a day below this is plausible for any currency. */
const alwaysPlausible = 0.05;
/** For a currency that has hardly any history. */
const boundOfUnknown = 0.3;
const enoughHistory = 250;
/** A rate this many days old is new still: nothing behind it can show whether it was right. */
export const newForDays = 14;

/**
 * Finds the rates of an answer that are hard to believe. With days behind it a rate is suspect only if it jumps and comes back, which true moves do not
 * (the franc of 2015, the liras of 2001 and 2021); a new one if it moves by more than half as much again as its currency ever did.
 *
 * @param known rates around the observations, those that changed included
 * @param largestMove of a day in the known history of a currency, in logarithms, and of how many days; asked only for moves that matter
 */
export const findSuspects = async (
  observations: readonly Observation[],
  known: PublishedRates,
  today: string,
  largestMove: (currency: string) => Promise<{ readonly move: number; readonly days: number }>,
): Promise<Suspect[]> => {
  const series = seriesOf(known, observations);
  const suspects: Suspect[] = [];
  for (const observation of observations) {
    const { currency, date, rate, refused } = observation;
    if (refused !== undefined) suspects.push({ observation, reason: 'not_positive', previous: null, next: null });
    if (rate === null || known.get(date)?.get(currency) === rate) continue;
    const { days = [], rates = new Map<string, string>() } = series.get(currency) ?? {};
    const at = indexOf(days, date);
    const previous = rates.get(days[at - 1] ?? '') ?? null;
    const next = rates.get(days[at + 1] ?? '') ?? null;
    if (previous === null) continue;
    const jump = moveOf(previous, rate);
    if (next !== null) {
      const back = moveOf(rate, next);
      const returns = Math.abs(moveOf(previous, next)) < Math.abs(jump) / 2;
      if (Math.min(Math.abs(jump), Math.abs(back)) > jumpInHistory && jump * back < 0 && returns) {
        suspects.push({ observation, reason: 'comes_back', previous, next });
      }
    } else if (Math.abs(jump) > alwaysPlausible && date >= addDays(today, -newForDays)) {
      const { move, days: count } = await largestMove(currency);
      const bound = count < enoughHistory ? boundOfUnknown : Math.max(alwaysPlausible, 1.5 * move);
      if (Math.abs(jump) > bound) suspects.push({ observation, reason: 'jump', previous, next });
    }
  }
  return suspects;
};

/** @returns how far a rate moved, in logarithms: 0.1 is some 10 %. Only to judge it by, never to compute with. */
export const moveOf = (before: string, after: string): number => Math.log(Number(after) / Number(before));

interface Series {
  readonly days: string[];
  readonly rates: Map<string, string>;
}

/** The rates by currency: what is known, with what was read laid over it. */
const seriesOf = (known: PublishedRates, observations: readonly Observation[]): ReadonlyMap<string, Series> => {
  const all = new Map<string, Series>();
  const put = (currency: string, date: string, rate: string) => {
    const series = all.get(currency) ?? { days: [], rates: new Map() };
    series.rates.set(date, rate);
    all.set(currency, series);
  };
  for (const [date, day] of known) for (const [currency, rate] of day) put(currency, date, rate);
  for (const { currency, date, rate } of observations) if (rate !== null) put(currency, date, rate);
  for (const { days, rates } of all.values()) days.push(...[...rates.keys()].sort());
  return all;
};

const indexOf = (days: readonly string[], date: string): number => {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] ?? '') < date) low = middle + 1;
    else high = middle;
  }
  return low;
};
