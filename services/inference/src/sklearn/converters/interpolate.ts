import { unsupportedPickle } from '../errors.ts';
import type { Context } from './context.ts';

/** Straight lines between points, and what the last of them says beyond: float64 [rows, 1] to [rows, 1]. */
export function interpolate(value: string, from: Float64Array, to: Float64Array, { math }: Context): string {
  const count = from.length;
  if (count === 0 || to.length !== count) throw unsupportedPickle('has a function of points that do not fit');
  const [first = 0] = to;
  if (count === 1) return math.add(math.multiply(value, 0), first);
  const within = math.clip(value, from[0] ?? 0, from[count - 1] ?? 0);
  // The place of the line: how many of the inner points are not above.
  const inner = from.subarray(1, count - 1);
  const place =
    inner.length === 0
      ? math.cast(math.multiply(math.squeeze(within, 1), 0), 'int64')
      : math.cast(math.sum(math.cast(math.atLeast(within, math.row(inner)), 'float64'), 1, false), 'int64');
  const lookUp = (values: Float64Array) =>
    math.unsqueeze(math.gather(math.constant(values, [values.length]), place, 0), 1);
  const slopes = Float64Array.from({ length: count - 1 }, (_, index) => {
    const run = (from[index + 1] ?? 0) - (from[index] ?? 0);
    return run === 0 ? 0 : ((to[index + 1] ?? 0) - (to[index] ?? 0)) / run;
  });
  const gone = math.subtract(within, lookUp(from.slice(0, count - 1)));
  return math.add(lookUp(to.slice(0, count - 1)), math.multiply(gone, lookUp(slopes)));
}
