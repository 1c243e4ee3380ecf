import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readElements, readMatrix } from '../numpy/read-array.ts';
import { isArray, isObject } from '../pickle/values.ts';
import type { Context } from './context.ts';

/** A node that sends the categories of a set of bits (8 words of 32) to the left. */
export interface CategorySplit {
  readonly column: number;
  readonly left: Float64Array;
  readonly missingLeft: boolean;
}

/** Categories are 0 to 255; behind them stands everything that is none: missing, negative, unknown. */
const missing = 256;

/** One column per split, 0 where a row goes left and 1 where it goes right: a lookup by category in a table. */
export function derivedColumns(
  estimator: Estimator,
  rows: string,
  splits: readonly CategorySplit[],
  context: Context,
): string {
  const { math } = context;
  const sources = [...new Set(splits.map((split) => split.column))];
  const known = knownCategories(estimator);
  const parts = sources.map((column) => {
    const own = splits.filter((split) => split.column === column);
    const table = Array.from({ length: missing + 1 }, (_, category) =>
      own.map((split) => (goesLeft(split, category, known.get(column)) ? 0 : 1)),
    );
    const value = math.squeeze(math.columns(rows, [column]), 1);
    // Not below 0, not above 255, not missing: else the row behind the categories. A fraction is cut off.
    const inside = math.and(math.atLeast(value, 0), math.less(value, missing));
    const category = math.cast(math.where(inside, value, missing), 'int64');
    return math.gather(math.constant(table.flat(), [missing + 1, own.length]), category, 0);
  });
  const order = sources.flatMap((column) => splits.flatMap((split, index) => (split.column === column ? [index] : [])));
  return math.columns(
    math.concat(parts),
    splits.map((_, index) => order.indexOf(index)),
  );
}

function goesLeft(split: CategorySplit, category: number, known: ReadonlySet<number> | undefined): boolean {
  if (category === missing) return split.missingLeft;
  if (((split.left[category >> 5] ?? 0) >>> (category & 31)) & 1) return true;
  // A category that was not there in training counts as missing.
  return known?.has(category) === true ? false : split.missingLeft;
}

/** The categories of each column that were there in training: the thresholds of the binning. */
function knownCategories(estimator: Estimator): Map<number, ReadonlySet<number>> {
  const mapper = estimator.value('_bin_mapper');
  const thresholds = isObject(mapper) ? mapper.attributes.get('bin_thresholds_') : undefined;
  const list = isArray(thresholds) ? readElements(thresholds) : thresholds;
  if (!Array.isArray(list)) throw unsupportedPickle(`holds a ${estimator.name} without its categories`);
  return new Map(
    list.map((values, column) => [column, new Set(isArray(values) ? readMatrix(values).values : [])] as const),
  );
}
