import { unsupportedPickle } from '../errors.ts';
import { readEstimator } from '../estimator.ts';
import { readMatrix, requireArray } from '../numpy/read-array.ts';
import { isObject } from '../pickle/values.ts';
import { asNumbers, columnsOf, expectWidth } from './columns.ts';
import type { Context, Transformer } from './context.ts';
import { standardScaler } from './scalers.ts';

/** PowerTransformer: Yeo-Johnson's or Box-Cox's power of each column, then a mean of 0 and a deviation of 1. */
export const powerTransformer: Transformer = (estimator, columns, context) => {
  const { math } = context;
  const lambdas = estimator.matrix('lambdas_').values;
  expectWidth(estimator.name, lambdas.length, columns);
  const method = estimator.text('method');
  const each = method === 'yeo-johnson' ? yeoJohnson : boxCox;
  const parts = columns.map((column, place) => each(asNumbers([column], context), lambdas[place] ?? 1, context));
  const powered = columnsOf(math.concat(parts), columns.length, context);
  const scaler = estimator.value('_scaler');
  if (!estimator.flag('standardize', true)) return powered;
  if (!isObject(scaler)) throw unsupportedPickle('holds a PowerTransformer that was not fitted');
  return standardScaler(readEstimator(scaler), powered, context);
};

/** The two halves meet at 0; each is computed where its own numbers are, so that the other's make no NaN. */
const yeoJohnson = (value: string, lambda: number, { math }: Context): string => {
  const isPositive = math.atLeast(value, 0);
  const up = math.add(math.where(isPositive, value, 0), 1);
  const down = math.subtract(1, math.where(isPositive, 0, value));
  const positive =
    Math.abs(lambda) < 2 ** -52 ? math.log(up) : math.divide(math.subtract(math.power(up, lambda), 1), lambda);
  const rest = 2 - lambda;
  const negative =
    Math.abs(rest) <= 2 ** -52
      ? math.negate(math.log(down))
      : math.negate(math.divide(math.subtract(math.power(down, rest), 1), rest));
  const both = math.where(isPositive, positive, negative);
  return math.where(math.isNan(value), value, both);
};

const boxCox = (value: string, lambda: number, { math }: Context): string =>
  lambda === 0 ? math.log(value) : math.divide(math.subtract(math.power(value, lambda), 1), lambda);

/** KBinsDiscretizer: the number of the bin, or one column of 0 and 1 for each. */
export const binsDiscretizer: Transformer = (estimator, columns, context) => {
  const { graph, math } = context;
  const edges = estimator.list('bin_edges_').map((each) => readMatrix(requireArray(each, 'bin_edges_')).values);
  expectWidth(estimator.name, edges.length, columns);
  const encode = estimator.text('encode');
  return columns.flatMap((column, place) => {
    // numpy's searchsorted from the right: how many of the inner edges are not above.
    const inner = (edges[place] ?? new Float64Array()).slice(1, -1);
    const value = asNumbers([column], context);
    const bin =
      inner.length === 0
        ? math.where(math.isNan(value), 0, 0)
        : math.sum(math.cast(math.atLeast(value, math.row(inner)), 'float64'), 1);
    if (encode === 'ordinal') return columnsOf(bin, 1, context);
    const count = inner.length + 1;
    const bins = math.row(Array.from({ length: count }, (_, index) => index));
    return columnsOf(math.cast(graph.node('Equal', [bin, bins]), 'float64'), count, context);
  });
};
