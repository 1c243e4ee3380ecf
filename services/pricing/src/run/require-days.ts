import { ServiceError } from '@vindima/contracts';
import { isDue, targetDays } from '../calendar/target.ts';
import type { Observation } from '../ecb/observation.ts';

/** Currencies that the ECB has published on every day: an answer without all of them is none. */
const always = ['USD', 'JPY', 'GBP'];

/**
 * The currencies that show a day to be there: of an operator's query for some currencies, which may lack those, all of them.
 *
 * @param currencyUrl an SDMX query: `.../EXR/D.USD+SEK.EUR.SP00.A`
 */
const witnessesOf = (currencyUrl: string): readonly string[] => {
  const key = decodeURIComponent(new URL(currencyUrl).pathname.split('/').at(-1) ?? '');
  const named = (key.split('.')[1] ?? '').split('+').filter((currency) => currency !== '');
  const known = always.filter((currency) => named.includes(currency));
  return named.length === 0 ? always : known.length > 0 ? known : named;
};

/** @returns the days of a period whose rates must be out, and that an answer has none of */
export const absentDays = (
  observations: readonly Observation[],
  { from, to, now, currencyUrl }: { from: string; to: string; now: Date; currencyUrl: string },
): string[] => {
  const witnesses = new Set(witnessesOf(currencyUrl));
  const there = new Set(
    observations.flatMap(({ currency, date, rate }) => (rate !== null && witnesses.has(currency) ? [date] : [])),
  );
  return targetDays(from, to).filter((day) => !there.has(day) && isDue(day, now));
};

/** An answer that lacks days which must be out: it is tried again, and nothing counts as covered. */
export const incomplete = (days: readonly string[]) =>
  new ServiceError(
    502,
    'pricing.rates_incomplete',
    `The answer with the exchange rates lacks ${days.length} days whose rates must be out, the first of them ${days[0]}.`,
    { details: { days: days.slice(0, 100) } },
  );
