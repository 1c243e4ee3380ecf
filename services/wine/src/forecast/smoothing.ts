/** Gaps inside become a straight line between their neighbours; a gap at either end what is next to it. */
export const fillGaps = (values: readonly (number | null)[]): number[] => {
  const known = values.flatMap((value, index) => (value === null ? [] : [index]));
  return values.map((value, index) => {
    if (value !== null) return value;
    const left = known.findLast((other) => other < index);
    const right = known.find((other) => other > index);
    const [from, to] = [values[left ?? right ?? 0] ?? 0, values[right ?? left ?? 0] ?? 0];
    return left === undefined || right === undefined ? from : from + ((to - from) * (index - left)) / (right - left);
  });
};

/** Runs simple exponential smoothing through a series. @returns its last level, and the sum of squared one-step errors */
export const smooth = (values: readonly number[], alpha: number) => {
  let level = values[0] ?? 0;
  let squares = 0;
  for (const value of values.slice(1)) {
    const error = value - level;
    squares += error * error;
    level += alpha * error;
  }
  return { level, squares };
};

const golden = (Math.sqrt(5) - 1) / 2;

/**
 * Simple exponential smoothing, the forecast of ARIMA(0,1,1): the level that the series ends on, with the weight of the newest figure that
 * makes the squared one-step errors least (golden section search in a grid's best cell; the first level is the first figure).
 */
export const simpleSmoothing = (values: readonly number[]): { readonly level: number; readonly alpha: number } => {
  const grid = Array.from({ length: 20 }, (_, index) => 0.0001 + (index * 0.9998) / 19);
  const errors = grid.map((alpha) => smooth(values, alpha).squares);
  const best = errors.indexOf(Math.min(...errors));
  let low = grid[Math.max(best - 1, 0)] ?? 0.0001;
  let high = grid[Math.min(best + 1, grid.length - 1)] ?? 0.9999;
  while (high - low > 1e-5) {
    const [first, second] = [high - golden * (high - low), low + golden * (high - low)];
    if (smooth(values, first).squares <= smooth(values, second).squares) high = second;
    else low = first;
  }
  const alpha = (low + high) / 2;
  return { level: smooth(values, alpha).level, alpha };
};
