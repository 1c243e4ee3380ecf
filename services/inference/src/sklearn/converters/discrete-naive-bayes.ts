import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readMatrix, requireArray } from '../numpy/read-array.ts';
import { byLargest, readClasses } from './classes.ts';
import { asNumbers, expectWidth } from './columns.ts';
import type { Column, Context, Predictor } from './context.ts';
import { transpose } from './linear.ts';

/** x · log P(feature | class), for every class. */
function weighed(
  estimator: Estimator,
  columns: readonly Column[],
  classes: number,
  rows: string,
  context: Context,
  values = estimator.matrix('feature_log_prob_'),
) {
  const [count, width] = values.shape;
  expectWidth(estimator.name, width, columns);
  if (count !== classes) throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
  const { math } = context;
  return math.matMul(rows, math.constant(transpose(values.values, count, columns.length), [columns.length, count]));
}

function priors(estimator: Estimator, classes: number): Float64Array {
  const { values } = estimator.matrix('class_log_prior_');
  if (values.length !== classes) throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
  return values;
}

export const multinomialNaiveBayes: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const likelihood = weighed(estimator, columns, classes.length, asNumbers(columns, context), context);
  const joint = math.add(likelihood, math.row(priors(estimator, classes.length)));
  return byLargest(classes, joint, math.softmax(joint), context);
};

/** Weights of what is not in a class, which scikit-learn has negated; the prior counts only where there is one class. */
export const complementNaiveBayes: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const joint = weighed(estimator, columns, classes.length, asNumbers(columns, context), context);
  return byLargest(classes, joint, math.softmax(joint), context);
};

/** Each feature is there or not: above `binarize`. */
export const bernoulliNaiveBayes: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const given = asNumbers(columns, context);
  const limit = estimator.value('binarize');
  const rows = typeof limit === 'number' ? math.cast(math.greater(given, limit), 'float64') : given;
  const there = estimator.matrix('feature_log_prob_');
  const gone = there.values.map((value) => Math.log(1 - Math.exp(value)));
  const difference = { shape: there.shape, values: there.values.map((value, index) => value - (gone[index] ?? 0)) };
  const [, width = 0] = there.shape;
  const sums = Float64Array.from(priors(estimator, classes.length), (prior, row) =>
    gone.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value, prior),
  );
  const joint = math.add(weighed(estimator, columns, classes.length, rows, context, difference), math.row(sums));
  return byLargest(classes, joint, math.softmax(joint), context);
};

/** One table of log P(category | class) for each column; a category is a whole number. */
export const categoricalNaiveBayes: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const tables = estimator
    .list('feature_log_prob_')
    .map((table) => readMatrix(requireArray(table, 'feature_log_prob_')));
  expectWidth(estimator.name, tables.length, columns);
  const parts = tables.map(({ shape, values }, index) => {
    const [count = 0, categories = 0] = shape;
    if (count !== classes.length) throw unsupportedPickle('holds a CategoricalNB whose parts do not fit');
    const table = math.constant(transpose(values, count, categories), [categories, count]);
    const column = columns[index];
    const place = math.cast(math.squeeze(asNumbers(column === undefined ? [] : [column], context), 1), 'int64');
    return math.gather(table, place, 0);
  });
  const joint = math.add(
    parts.reduce((left, right) => math.add(left, right)),
    math.row(priors(estimator, classes.length)),
  );
  return byLargest(classes, joint, math.softmax(joint), context);
};
