import { unsupportedPickle } from '../errors.ts';
import { byLargest, readClasses } from './classes.ts';
import { asNumbers, expectWidth } from './columns.ts';
import type { Predictor } from './context.ts';

/**
 * Gaussian naive Bayes: log prior - ½ Σ log(2π σ²) - ½ Σ (x - θ)² / σ². The variances were called `sigma_` before 1.0.
 */
export const gaussianNaiveBayes: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const means = estimator.matrix('theta_');
  const variances = estimator.matrix('var_', 'sigma_').values;
  const priors = estimator.matrix('class_prior_').values;
  const [rows, width = 0] = means.shape;
  expectWidth(estimator.name, width, columns);
  if (rows !== classes.length || variances.length !== means.values.length || priors.length !== rows) {
    throw unsupportedPickle('holds a GaussianNB whose parts do not fit');
  }
  const constants = Array.from(priors, (prior, row) => {
    const own = variances.subarray(row * width, (row + 1) * width);
    return Math.log(prior) - 0.5 * own.reduce((sum, variance) => sum + Math.log(2 * Math.PI * variance), 0);
  });
  const each = math.unsqueeze(asNumbers(columns, context), 1);
  const distance = math.subtract(each, math.constant(means.values, [1, rows, width]));
  const scaled = math.divide(math.multiply(distance, distance), math.constant(variances, [1, rows, width]));
  const likelihood = math.subtract(math.row(constants), math.multiply(math.sum(scaled, 2, false), 0.5));
  return byLargest(classes, likelihood, math.softmax(likelihood), context);
};
