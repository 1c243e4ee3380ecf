import { unsupportedPickle } from '../errors.ts';
import { asNumbers, columnsOf, expectWidth } from './columns.ts';
import type { Transformer } from './context.ts';
import { transpose } from './linear.ts';

/** PCA and TruncatedSVD: x - mean_ onto components_, whitened where asked for. */
export const projection: Transformer = (estimator, columns, context) => {
  const { math } = context;
  const { shape, values } = estimator.matrix('components_');
  const [count = 0, width] = shape;
  expectWidth(estimator.name, width, columns);
  let value = asNumbers(columns, context);
  if (estimator.has('mean_')) {
    const mean = estimator.matrix('mean_').values;
    expectWidth(estimator.name, mean.length, columns);
    value = math.subtract(value, math.row(mean));
  }
  value = math.matMul(value, math.constant(transpose(values, count, columns.length), [columns.length, count]));
  if (estimator.flag('whiten')) {
    const variance = estimator.matrix('explained_variance_').values;
    if (variance.length !== count) throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
    value = math.divide(value, math.row(variance.map(Math.sqrt)));
  }
  return columnsOf(value, count, context);
};
