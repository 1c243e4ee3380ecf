import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { pairsOf } from './class-pairs.ts';
import { byLargest, readClasses } from './classes.ts';
import { asNumbers, expectWidth } from './columns.ts';
import type { Column, Context, Predictor } from './context.ts';
import { transpose } from './linear.ts';
import { couplePairs } from './pairwise-coupling.ts';

/** The kernel between every row and every support vector: [rows, vectors]. */
function kernel(estimator: Estimator, columns: readonly Column[], context: Context): { value: string; count: number } {
  const { math } = context;
  if (estimator.flag('_sparse'))
    throw unsupportedPickle(`holds a ${estimator.name} of sparse data, which is not supported`);
  const { shape, values } = estimator.matrix('support_vectors_');
  const [count = 0, width] = shape;
  expectWidth(estimator.name, width, columns);
  if (count === 0) throw unsupportedPickle(`holds a ${estimator.name} without support vectors`);
  const rows = asNumbers(columns, context);
  const product = () =>
    math.matMul(rows, math.constant(transpose(values, count, columns.length), [columns.length, count]));
  const name = estimator.value('kernel');
  const scaled = () => {
    const gamma = math.multiply(product(), estimator.number('_gamma'));
    return math.add(gamma, estimator.number('coef0'));
  };
  if (name === 'linear') return { value: product(), count };
  if (name === 'poly') return { value: math.power(scaled(), estimator.number('degree')), count };
  if (name === 'sigmoid') return { value: math.tanh(scaled()), count };
  if (name === 'rbf') {
    const squares = Array.from({ length: count }, (_, row) =>
      values.subarray(row * columns.length, (row + 1) * columns.length).reduce((sum, value) => sum + value * value, 0),
    );
    const own = math.sum(math.multiply(rows, rows), 1);
    const distance = math.subtract(math.add(own, math.row(squares)), math.multiply(product(), 2));
    return { value: math.exp(math.multiply(distance, -estimator.number('_gamma'))), count };
  }
  throw unsupportedPickle(`holds a ${estimator.name} with a kernel that is not supported`);
}

/**
 * libsvm's decisions, one per pair of classes (0,1), (0,2), ..., (1,2), ...: [rows, pairs]. The coefficients of a
 * support vector of class c against another one are in the row of that one, of those after c one row before.
 */
function pairDecisions(estimator: Estimator, classes: number, columns: readonly Column[], context: Context): string {
  const { math } = context;
  const { value, count } = kernel(estimator, columns, context);
  const coefficients = estimator.matrix('_dual_coef_');
  const intercepts = estimator.matrix('_intercept_').values;
  const sizes = Array.from(estimator.matrix('_n_support', 'n_support_').values);
  const pairs = pairsOf(classes);
  const fits = sizes.length === classes && sizes.reduce((sum, size) => sum + size, 0) === count;
  if (!fits || coefficients.values.length !== (classes - 1) * count || intercepts.length !== pairs.length) {
    throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
  }
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
  const weights = new Float64Array(count * pairs.length);
  pairs.forEach(([first, second], pair) => {
    const place = (own: number, row: number) => {
      const start = starts[own] ?? 0;
      for (let vector = start; vector < start + (sizes[own] ?? 0); vector += 1) {
        weights[vector * pairs.length + pair] = coefficients.values[row * count + vector] ?? 0;
      }
    };
    place(first, second - 1);
    place(second, first);
  });
  return math.add(math.matMul(value, math.constant(weights, [count, pairs.length])), math.row(intercepts));
}

/** Each pair votes for one of its classes: for the first where the decision is above 0. [rows, classes] */
function votes(decisions: string, classes: number, { math }: Context): string {
  const pairs = pairsOf(classes);
  const wins = math.cast(math.greater(decisions, 0), 'float64');
  const table = pairs.flatMap(([first, second]) =>
    Array.from({ length: classes }, (_, label) => (label === first ? 1 : label === second ? -1 : 0)),
  );
  const lost = Array.from({ length: classes }, (_, label) => pairs.filter(([, second]) => second === label).length);
  return math.add(math.matMul(wins, math.constant(table, [pairs.length, classes])), math.row(lost));
}

/** A hundred classes are 4950 pairs, and as many steps in each round of the coupling. */
const maxClasses = 100;

export const supportVectorClassifier: Predictor = (estimator, columns, context) => {
  const classes = readClasses(estimator);
  if (classes.length > maxClasses)
    throw unsupportedPickle(`holds a ${estimator.name} of more than ${maxClasses} classes`);
  if (estimator.flag('break_ties') && classes.length > 2) {
    throw unsupportedPickle(`holds a ${estimator.name} with break_ties, which is not supported`);
  }
  const decisions = pairDecisions(estimator, classes.length, columns, context);
  const slopes = estimator.flag('probability') ? estimator.matrix('_probA', 'probA_').values : new Float64Array();
  const offsets = estimator.flag('probability') ? estimator.matrix('_probB', 'probB_').values : new Float64Array();
  const probabilities = slopes.length > 0 ? couplePairs(decisions, classes.length, slopes, offsets, context) : null;
  return byLargest(classes, votes(decisions, classes.length, context), probabilities, context);
};

export const supportVectorRegressor: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const { value, count } = kernel(estimator, columns, context);
  const coefficients = estimator.matrix('_dual_coef_', 'dual_coef_').values;
  if (coefficients.length !== count) throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
  const product = math.matMul(value, math.constant(coefficients, [count, 1]));
  return { task: 'regression', value: math.add(product, estimator.number('_intercept_', 'intercept_')), targets: 1 };
};
