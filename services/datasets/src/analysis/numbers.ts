import { identifier } from '../engine/sql.ts';

/** SQL of a column's values as finite doubles; what is not a number counts as missing. */
export const finite = (name: string): string => {
  const value = `CAST(${identifier(name)} AS DOUBLE)`;
  return `CASE WHEN isfinite(${value}) THEN ${value} END`;
};

/** A number of a result, or null where it is undefined. */
export const numberOrNull = (value: unknown): number | null => {
  const number = value === null || value === undefined ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
};
