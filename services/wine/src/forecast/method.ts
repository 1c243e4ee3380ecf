import { kindOf, type Values } from './kind.ts';
import { fillGaps, simpleSmoothing } from './smoothing.ts';

export const horizon = 5;
export const methodSentence =
  'The geometric mean of the last figure and of a simple exponential smoothing of log(1 + figure), the same for every year ahead; ' +
  'intervals from the errors that it made at the eight earlier origins of all rows of its kind, on square roots and in units of each ' +
  "row's own changes.";

/** Earlier origins whose errors make the intervals: fewer are too few for the ends, more reach back into years that were wilder. */
const calibrationOrigins = 8;
/** A row that is shorter at an origin says nothing there. */
const fewestAtOrigin = 15;
const recentChanges = 10;

/**
 * The point of every year ahead: these rows are nearly random walks, so that the last figure is hard to beat, and a smoothing takes off what is
 * chance in it. Their mean on logarithms has the least error.
 *
 * @param values without gaps
 */
export const pointOf = (values: readonly number[]): number => {
  const last = values.at(-1) ?? 0;
  const smoothed = Math.expm1(Math.max(simpleSmoothing(values.map(Math.log1p)).level, 0));
  return last > 0 && smoothed > 0
    ? Math.sqrt(last * smoothed)
    : Math.expm1((Math.log1p(last) + Math.log1p(smoothed)) / 2);
};

const meanChange = (roots: readonly number[]) => {
  const changes = roots.slice(1).map((root, index) => Math.abs(root - (roots[index] ?? 0)));
  return changes.reduce((sum, change) => sum + change, 0) / Math.max(changes.length, 1);
};

/** The size of a row's own changes from year to year, on square roots: between that of all its years and that of the last ten. */
export const scaleOf = (values: readonly number[]): number => {
  const roots = values.map((value) => Math.sqrt(Math.max(value, 0)));
  const all = meanChange(roots);
  return Math.sqrt(all * Math.max(meanChange(roots.slice(-recentChanges - 1)), all * 0.1));
};

/** An error of the method at an earlier origin. */
export interface EarlierError {
  readonly kind: 'continuous' | 'intermittent';
  /** Years ahead, from 0. */
  readonly step: number;
  /** Difference of square roots in units of the row's scale. */
  readonly scaled: number;
  /** Whether the last figure at the origin, and the one that came, were above 0. */
  readonly wasPositive: boolean;
  readonly isPositive: boolean;
}

/** Forecasts a row again from its earlier origins. */
export const earlierErrors = (values: Values): EarlierError[] => {
  const errors: EarlierError[] = [];
  for (let end = Math.max(fewestAtOrigin, values.length - calibrationOrigins); end < values.length; end++) {
    const train = values.slice(0, end);
    const last = train.at(-1);
    const kind = kindOf(train);
    if (last === null || last === undefined || (kind !== 'continuous' && kind !== 'intermittent')) continue;
    const filled = fillGaps(train);
    const [point, scale] = [pointOf(filled), scaleOf(filled)];
    if (!(scale > 0)) continue;
    for (const [step, truth] of values.slice(end, end + horizon).entries()) {
      if (truth === null) continue;
      const scaled = (Math.sqrt(truth) - Math.sqrt(point)) / scale;
      errors.push({ kind, step, scaled, wasPositive: last > 0, isPositive: truth > 0 });
    }
  }
  return errors;
};
