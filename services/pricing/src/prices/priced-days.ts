import { type PublishedRates, type RateAsked, type ResolvedRate, resolveRate } from '../rates/resolve-rate.ts';

/**
 * Finds the rates of a period: of every day on which one was published; where there is no such day in it (a weekend), the last one
 * before its end.
 *
 * @param published must reach 14 days further back than `from`
 * @returns oldest first; empty when there is no rate that may be used
 */
export const pricedDays = (
  published: PublishedRates,
  { from, to, ...pair }: Omit<RateAsked, 'date'> & { from: string; to: string },
): ResolvedRate[] => {
  const days = [...published.keys()].filter((date) => date >= from && date <= to).sort();
  if (days.length > 0 && from !== to) return days.flatMap((date) => resolveRate(published, { ...pair, date }) ?? []);
  const last = resolveRate(published, { ...pair, date: to });
  return last === undefined ? [] : [last];
};
