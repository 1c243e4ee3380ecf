import type { WineForecastKind } from '@vindima/contracts';

/** So many zeros at the end: the row is over until it begins again. */
const zerosThatEnd = 5;
const fewestPositive = 10;
const recentYears = 20;
const zeroShare = 0.24;
/** Years from the first figure on, for a forecast to mean something. */
export const fewestYears = 30;

/** A figure a year, from the first one above 0 on; null is unknown, which is not 0. */
export type Values = readonly (number | null)[];

export const positiveYears = (values: Values) => values.filter((value) => value !== null && value > 0).length;

/** @returns how many of the last known figures are 0 */
export const silentYears = (values: Values): number => {
  const known = values.filter((value) => value !== null);
  return known.length - 1 - known.findLastIndex((value) => value !== 0);
};

/** What a row is at its end, whatever its length. */
export const kindOf = (values: Values): Exclude<WineForecastKind, 'short'> => {
  const known = values.filter((value) => value !== null);
  if (silentYears(values) >= zerosThatEnd) return 'ended';
  if (positiveYears(values) < fewestPositive) return 'sparse';
  const recent = known.slice(-recentYears);
  return recent.filter((value) => value === 0).length / recent.length > zeroShare ? 'intermittent' : 'continuous';
};
