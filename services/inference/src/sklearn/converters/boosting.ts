import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readMatrix } from '../numpy/read-array.ts';
import { isArray, isObject, type Value } from '../pickle/values.ts';
import { bothProbabilities, byLargest, readClasses } from './classes.ts';
import { asNumbers } from './columns.ts';
import type { ClassLabel, Column, Context, Prediction, Predictor } from './context.ts';
import { findLeaves, type LeafFinder } from './tree-ensemble.ts';
import { readTree } from './tree-nodes.ts';

/** float32's step at 1, between which and 1 minus which scikit-learn keeps the probabilities it starts from. */
const smallest = 2 ** -23;

/** Values of leaves summed per class: trees come in rounds of one per class. float64 [rows, classes]. */
export function sumOfRounds(finder: LeafFinder, perRound: number, context: Context): string {
  const { math } = context;
  if (finder.width !== 1) throw unsupportedPickle('holds boosted trees with several values per leaf');
  const values = math.gather(math.constant(finder.table, [finder.table.length]), finder.leaves, 0);
  return math.sum(math.reshape(values, [-1, finder.count / perRound, perRound]), 1, false);
}

/** Raw scores of boosted trees: what they start from, and the learning rate times the sum of their leaves. */
function rawScores(estimator: Estimator, columns: readonly Column[], perRound: number, context: Context): string {
  const { math } = context;
  const trees = estimator.list('estimators_').map((tree) => readTree(tree, columns.length, context));
  if (trees.length === 0 || trees.length % perRound !== 0) {
    throw unsupportedPickle(`holds a ${estimator.name} whose rounds are not complete`);
  }
  const finder = findLeaves(trees, asNumbers(columns, context), 'float32', context);
  const boosted = math.multiply(sumOfRounds(finder, perRound, context), estimator.number('learning_rate'));
  return math.add(boosted, math.row(initialScores(estimator, perRound)));
}

/** What `init_` contributes, one number per class (one in all for two classes and for regression). */
function initialScores(estimator: Estimator, count: number): number[] {
  const init = estimator.value('init_');
  if (init === 'zero' || estimator.value('init') === 'zero') return new Array<number>(count).fill(0);
  const name = isObject(init) ? init.type.name : 'nothing';
  const values = (attribute: string) => numbersOf(isObject(init) ? init.attributes.get(attribute) : undefined);
  const scores = scoresOf(name, values, estimator.value('loss') === 'exponential' ? 0.5 : 1);
  if (scores === undefined || scores.length !== count || scores.some((score) => !Number.isFinite(score))) {
    throw unsupportedPickle(`holds a ${estimator.name} that starts from a ${name}, which is not supported`);
  }
  return scores;
}

/** The four last are from before 0.21, and know their scores themselves. */
function scoresOf(name: string, values: (attribute: string) => number[], scale: number): number[] | undefined {
  switch (name) {
    case 'DummyClassifier': {
      const priors = values('class_prior_').map((prior) => Math.min(Math.max(prior, smallest), 1 - smallest));
      const [, second = 0] = priors;
      return priors.length === 2 ? [scale * Math.log(second / (1 - second))] : priors.map(Math.log);
    }
    case 'DummyRegressor':
      return values('constant_');
    case 'LogOddsEstimator':
    case 'ScaledLogOddsEstimator':
      return values('prior');
    case 'PriorProbabilityEstimator':
      return values('priors');
    case 'MeanEstimator':
      return values('mean');
    case 'QuantileEstimator':
      return values('quantile');
    default:
      return undefined;
  }
}

function numbersOf(value: Value | undefined): number[] {
  if (typeof value === 'number') return [value];
  return isArray(value) ? Array.from(readMatrix(value).values) : [];
}

/** Raw scores of a classifier as classes and probabilities; `steepness` is 2 for the exponential loss. */
export function fromRawScores(
  classes: readonly ClassLabel[],
  raw: string,
  steepness: number,
  context: Context,
): Prediction {
  const { math } = context;
  if (classes.length > 2) return byLargest(classes, raw, math.softmax(raw), context);
  const second = math.sigmoid(steepness === 1 ? raw : math.multiply(raw, steepness));
  const probabilities = bothProbabilities(second, context);
  return byLargest(classes, probabilities, probabilities, context);
}

export const gradientBoostingClassifier: Predictor = (estimator, columns, context) => {
  const classes = readClasses(estimator);
  const raw = rawScores(estimator, columns, classes.length === 2 ? 1 : classes.length, context);
  return fromRawScores(classes, raw, estimator.value('loss') === 'exponential' ? 2 : 1, context);
};

export const gradientBoostingRegressor: Predictor = (estimator, columns, context) => ({
  task: 'regression',
  value: rawScores(estimator, columns, 1, context),
  targets: 1,
});
