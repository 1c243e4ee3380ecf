import type { EarlierError } from './method.ts';

/** A quantile by interpolation between order statistics, p(n + 1) as conformal prediction has it. */
const quantile = (sorted: readonly number[], p: number): number => {
  const at = Math.min(Math.max(p * (sorted.length + 1) - 1, 0), Math.max(sorted.length - 1, 0));
  const low = sorted[Math.floor(at)] ?? 0;
  return low + ((sorted[Math.floor(at) + 1] ?? low) - low) * (at - Math.floor(at));
};

/** What the earlier errors of a kind say of one year ahead. */
export interface Spread {
  /** @returns the figure below which a share `p` of figures is expected; never below 0 */
  quantile(point: number, scale: number, p: number): number;
  /** @returns the share of rows that had a figure above 0, of those whose last one was as this one's */
  chance(wasPositive: boolean): number;
}

/** @param errors of one kind and one step, of all rows */
export const spreadOf = (errors: readonly EarlierError[]): Spread => {
  const sorted = errors.map(({ scaled }) => scaled).sort((a, b) => a - b);
  return {
    quantile: (point, scale, p) => Math.max(0, Math.sqrt(point) + quantile(sorted, p) * scale) ** 2,
    chance: (wasPositive) => {
      const alike = errors.filter((error) => error.wasPositive === wasPositive);
      // One of each beforehand: never sure of anything.
      return (alike.filter(({ isPositive }) => isPositive).length + 1) / (alike.length + 2);
    },
  };
};
