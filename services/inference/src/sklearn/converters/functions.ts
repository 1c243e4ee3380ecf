import { unsupportedPickle } from '../errors.ts';
import { readEstimator } from '../estimator.ts';
import { isGlobal, isObject, type Value } from '../pickle/values.ts';
import type { Context, Predictor } from './context.ts';
import { memberValue } from './ensembles.ts';

/** numpy's functions of one number that a graph can compute as exactly. */
const functions: Readonly<Record<string, (value: string, context: Context) => string>> = {
  log: (value, { math }) => math.log(value),
  exp: (value, { math }) => math.exp(value),
  sqrt: (value, { math }) => math.root(value),
  square: (value, { math }) => math.multiply(value, value),
  abs: (value, { math }) => math.absolute(value),
  absolute: (value, { math }) => math.absolute(value),
  negative: (value, { math }) => math.negate(value),
  reciprocal: (value, { math }) => math.divide(1, value),
  tanh: (value, { math }) => math.tanh(value),
  log1p: (value, { math }) => math.log(math.add(value, 1)),
  expm1: (value, { math }) => math.subtract(math.exp(value), 1),
  log2: (value, { math }) => math.divide(math.log(value), Math.LN2),
  log10: (value, { math }) => math.divide(math.log(value), Math.LN10),
};

/** @returns numbers after one of numpy's functions; undefined for any other function */
export function applyFunction(called: Value | undefined, value: string, context: Context): string | undefined {
  if (!isGlobal(called) || called.module !== 'numpy') return undefined;
  return functions[called.name]?.(value, context);
}

/** A regressor of a changed target: its values are changed back. */
export const transformedTargetRegressor: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const value = memberValue(estimator.value('regressor_'), columns, context);
  const back = estimator.value('transformer_');
  if (!isObject(back)) throw unsupportedPickle('holds a TransformedTargetRegressor that was not fitted');
  const inner = readEstimator(back);
  if (inner.name === 'FunctionTransformer') {
    const inverse = inner.value('inverse_func') ?? null;
    const changed = inverse === null ? value : applyFunction(inverse, value, context);
    if (changed === undefined)
      throw unsupportedPickle('holds a TransformedTargetRegressor of a function that is not known');
    return { task: 'regression', value: changed, targets: 1 };
  }
  if (inner.name === 'StandardScaler') {
    const scaled = inner.has('scale_') ? math.multiply(value, math.row(inner.matrix('scale_').values)) : value;
    const shifted = inner.flag('with_mean', true) ? math.add(scaled, math.row(inner.matrix('mean_').values)) : scaled;
    return { task: 'regression', value: shifted, targets: 1 };
  }
  if (inner.name === 'MinMaxScaler') {
    const shifted = math.subtract(value, math.row(inner.matrix('min_').values));
    return { task: 'regression', value: math.divide(shifted, math.row(inner.matrix('scale_').values)), targets: 1 };
  }
  throw unsupportedPickle(`holds a TransformedTargetRegressor of a ${inner.name}, which is not supported`);
};
