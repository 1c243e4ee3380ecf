import { type PublishedRates, type ResolvedRate, resolveRate } from '../rates/resolve-rate.ts';

/**
 * Finds the rates of a period: of every day on which one was published; where there is no such day in it (a weekend), the last one
 * before its end.
 *
 * @param published must reach 14 days further back than `from`
 * @returns oldest first; empty when there is no rate that may be used
 */
export const pricedDays = (
  published: PublishedRates,
  { base, quote, from, to }: { base: string; quote: string; from: string; to: string },
): ResolvedRate[] => {
  const inside = [...published.keys()]
    .filter((date) => date >= from && date <= to)
    .sort()
    .flatMap((date) => resolveRate(published, base, quote, date) ?? [])
    .filter(({ carriedForward }) => !carriedForward);
  if (inside.length > 0 && from !== to) return inside;
  const last = resolveRate(published, base, quote, to);
  return last === undefined ? [] : [last];
};
