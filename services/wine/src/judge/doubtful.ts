import type { SeriesTable } from '../vitibrasil/table.ts';

/** Rows below this are small enough to jump by themselves. */
const steadyFrom = 5000;
/** Figures before and after a year that are within this factor of each other make the row steady around it. */
const steadyFactor = 3;
/** A figure that is off by more than this factor from both is out of step. */
const jumpFactor = 5;
const fewestSteady = 20;

/** A column that is out of step with the years around it. */
export interface DoubtfulColumn {
  /** Index in the table's columns. */
  readonly column: number;
  /** Rows that are steady around the year. */
  readonly steady: number;
  readonly outOfStep: number;
}

/**
 * Finds columns in which more than a third of the steady rows (20 or more) jump by more than a factor 5 and come back: their figures were
 * published so and are probably wrong. In the real files these are the grapes processed in 2021, viniferas and americanas.
 */
export const doubtfulColumns = (table: SeriesTable): DoubtfulColumn[] => {
  const { rows, columns, values } = table;
  const found: DoubtfulColumn[] = [];
  for (const measure of new Set(columns.map((column) => column.measure.measure))) {
    const own = columns.flatMap((column, index) => (column.measure.measure === measure ? [index] : []));
    for (const [place, column] of own.entries()) {
      if (place === 0 || place === own.length - 1) continue;
      let steady = 0;
      let outOfStep = 0;
      for (const [index, row] of rows.entries()) {
        if (row.isTotal) continue;
        const at = (position: number | undefined) =>
          position === undefined ? Number.NaN : (values[index * columns.length + position] ?? Number.NaN);
        const firstKnown = (...places: number[]) =>
          places.map((other) => at(own[other])).find((value) => !Number.isNaN(value)) ?? Number.NaN;
        const value = at(column);
        const before = firstKnown(place - 1, place - 2);
        const after = firstKnown(place + 1, place + 2);
        const [low, high] = [Math.min(before, after), Math.max(before, after)];
        if (Number.isNaN(value) || !(low >= steadyFrom) || high > steadyFactor * low) continue;
        steady += 1;
        if (value > jumpFactor * high || value < low / jumpFactor) outOfStep += 1;
      }
      if (steady >= fewestSteady && outOfStep * 3 > steady) found.push({ column, steady, outOfStep });
    }
  }
  return found;
};
