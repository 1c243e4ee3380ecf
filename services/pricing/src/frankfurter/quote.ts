import type { EuroDay } from './days.ts';
import { roundAsFrankfurter } from './round.ts';

export interface QuoteAsked {
  readonly amount: number;
  readonly base: string;
  /** All if left out. */
  readonly symbols: readonly string[] | undefined;
}

/**
 * Rates of a day in another base, in the order of the codes, computed and rounded as Frankfurter does, in floats and twice: its clients compare with
 * what they had. `/rates` is the exact one.
 *
 * @returns undefined when the base has no rate on the day, or nothing is left
 */
export const quoteDay = (
  { rates }: EuroDay,
  { amount, base, symbols }: QuoteAsked,
): Record<string, number> | undefined => {
  const rebase = base !== 'EUR';
  const inEuro = (currency: string): number | undefined => {
    if (currency === 'EUR') return amount;
    const rate = rates.get(currency);
    if (rate === undefined) return undefined;
    return rebase || amount !== 1 ? roundAsFrankfurter(amount * Number(rate)) : Number(rate);
  };
  const divisor = rebase ? inEuro(base) : 1;
  if (divisor === undefined) return undefined;
  const wanted = symbols ?? [...rates.keys(), ...(rebase ? ['EUR'] : [])];
  const entries = [...new Set(wanted)].sort().flatMap((currency) => {
    const value = currency === base ? undefined : inEuro(currency);
    if (value === undefined) return [];
    return [[currency, rebase ? roundAsFrankfurter((amount * value) / divisor) : value] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};
