import { unsupportedPickle } from '../errors.ts';
import { byLargest, readClasses } from './classes.ts';
import { asNumbers } from './columns.ts';
import type { Column, Context, Predictor } from './context.ts';
import { linearDecision } from './linear.ts';

/** The same row of numbers for every row of the input. */
function repeated(values: ArrayLike<number> & Iterable<number>, columns: readonly Column[], context: Context): string {
  const { math } = context;
  const first = asNumbers(columns.slice(0, 1), context);
  // Not a product with 0, which infinity would spoil: 0 both where it is a number and where it is none.
  const zero = math.where(math.isNan(first), 0, 0);
  return math.add(zero, math.row(values));
}

/** What was most frequent in training, or the shares of all classes. */
export const dummyClassifier: Predictor = (estimator, columns, context) => {
  const classes = readClasses(estimator);
  const priors = estimator.matrix('class_prior_').values;
  const strategy = estimator.text('strategy');
  if (!['prior', 'most_frequent'].includes(strategy) || priors.length !== classes.length) {
    throw unsupportedPickle(
      `holds a DummyClassifier of the strategy "${strategy.slice(0, 20)}", which is not supported`,
    );
  }
  const best = priors.indexOf(Math.max(...priors));
  const shares = strategy === 'prior' ? priors : priors.map((_, place) => (place === best ? 1 : 0));
  const probabilities = repeated(shares, columns, context);
  return byLargest(classes, probabilities, probabilities, context);
};

export const dummyRegressor: Predictor = (estimator, columns, context) => {
  const { values } = estimator.matrix('constant_');
  return { task: 'regression', value: repeated(values, columns, context), targets: values.length };
};

/** Poisson, gamma and Tweedie regression: the exponential of a linear function, unless the link is the identity. */
export const exponentialRegressor: Predictor = (estimator, columns, context) => {
  const { value, count } = linearDecision(estimator, columns, context);
  const link = estimator.value('link');
  const power = estimator.value('power');
  const isPlain = link === 'identity' || (link === 'auto' && typeof power === 'number' && power <= 0);
  return { task: 'regression', value: isPlain ? value : context.math.exp(value), targets: count };
};
