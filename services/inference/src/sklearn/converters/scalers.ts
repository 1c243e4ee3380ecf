import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { asNumbers, columnsOf, expectWidth } from './columns.ts';
import type { Column, Context, Transformer } from './context.ts';

/** An attribute with one number per column, null where the scaler goes without it. */
function perColumn(estimator: Estimator, name: string, columns: readonly Column[]): Float64Array | null {
  if (!estimator.has(name)) return null;
  const { values } = estimator.matrix(name);
  expectWidth(estimator.name, values.length, columns);
  return values;
}

/** (x - center) / scale, by attributes of these names. */
function shiftAndDivide(center: string, scale: string): Transformer {
  return (estimator, columns, context) => {
    const { math } = context;
    let value = asNumbers(columns, context);
    const shift = estimator.flag(center === 'mean_' ? 'with_mean' : 'with_centering', true)
      ? perColumn(estimator, center, columns)
      : null;
    const divisor = perColumn(estimator, scale, columns);
    if (shift !== null) value = math.subtract(value, math.row(shift));
    if (divisor !== null) value = math.divide(value, math.row(divisor));
    return columnsOf(value, columns.length, context);
  };
}

export const standardScaler = shiftAndDivide('mean_', 'scale_');
export const robustScaler = shiftAndDivide('center_', 'scale_');
export const maxAbsScaler = shiftAndDivide('', 'scale_');

export const minMaxScaler: Transformer = (estimator, columns, context) => {
  const { math } = context;
  const scale = perColumn(estimator, 'scale_', columns);
  const shift = perColumn(estimator, 'min_', columns);
  if (scale === null || shift === null) throw unsupportedPickle('holds a MinMaxScaler that was not fitted');
  let value = math.add(math.multiply(asNumbers(columns, context), math.row(scale)), math.row(shift));
  if (estimator.flag('clip')) {
    const [low, high] = estimator.matrix('feature_range').values;
    if (low === undefined || high === undefined) throw unsupportedPickle('holds a MinMaxScaler without a range');
    value = math.clip(value, low, high);
  }
  return columnsOf(value, columns.length, context);
};

/** Each row brought to a norm of 1; rows of zeros stay. */
export const normalizer: Transformer = (estimator, columns, context) => {
  const norm = normOf(estimator.text('norm'), asNumbers(columns, context), context);
  const { math } = context;
  const divisor = math.where(math.equal(norm, 0), 1, norm);
  return columnsOf(math.divide(asNumbers(columns, context), divisor), columns.length, context);
};

function normOf(name: string, value: string, { math }: Context): string {
  if (name === 'l1') return math.sum(math.absolute(value), 1);
  if (name === 'l2') return math.root(math.sum(math.multiply(value, value), 1));
  if (name === 'max') return math.maximum(math.absolute(value), 1);
  throw unsupportedPickle(`holds a Normalizer by "${name.slice(0, 20)}", which is not supported`);
}
