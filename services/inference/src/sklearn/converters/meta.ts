import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readElements, readMatrix } from '../numpy/read-array.ts';
import { isArray, isObject, type Value } from '../pickle/values.ts';
import { pairsOf } from './class-pairs.ts';
import { bothProbabilities, byLargest, byThreshold, readClasses } from './classes.ts';
import type { Classification, ClassLabel, Context, Predictor } from './context.ts';
import { memberClass, memberValue } from './ensembles.ts';
import { interpolate } from './interpolate.ts';

/** One number for a classifier of two classes: its decision, else the probability of the second. [rows, 1] */
function scoreOfSecond({ decision, probabilities, classes }: Classification, { math }: Context): string {
  if (classes.length !== 2) throw unsupportedPickle('holds a classifier of pairs that has other classes');
  if (decision !== undefined) return decision;
  if (probabilities === null) throw unsupportedPickle('holds classifiers that score nothing');
  return math.columns(probabilities, [1]);
}

const inner = (value: Value | undefined, name: string): Value | undefined =>
  isObject(value) ? value.attributes.get(name) : undefined;

export const oneVersusRestClassifier: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const binarizer = estimator.value('label_binarizer_');
  if (String(inner(binarizer, 'y_type_')).startsWith('multilabel')) {
    throw unsupportedPickle('holds a OneVsRestClassifier of several labels at once, which is not supported');
  }
  const classes = classesIn(inner(binarizer, 'classes_'), estimator);
  const members = estimator.list('estimators_').map((member) => memberClass(member, columns, context));
  const scores = members.map((member) => scoreOfSecond(member, context));
  const hasProbabilities = members.every(({ probabilities }) => probabilities !== null);
  const seconds = hasProbabilities
    ? math.concat(members.map(({ probabilities }) => math.columns(probabilities ?? '', [1])))
    : null;
  const [only] = members;
  if (members.length === 1 && only !== undefined) {
    const threshold = only.decision === undefined ? 0.5 : 0;
    const both = seconds === null ? null : bothProbabilities(seconds, context);
    return byThreshold(classes, scores[0] ?? '', threshold, both, context);
  }
  if (members.length !== classes.length) throw unsupportedPickle('holds a OneVsRestClassifier whose parts do not fit');
  const shares = seconds === null ? null : math.divide(seconds, math.sum(seconds, 1));
  return byLargest(classes, math.concat(scores), shares, context);
};

function classesIn(value: Value | undefined, estimator: Estimator): ClassLabel[] {
  if (!isArray(value)) return readClasses(estimator);
  const found = readElements(value);
  return found.every((label) => Number.isSafeInteger(label)) ? (found as number[]) : found.map(String);
}

/** Votes of all pairs; where classes have as many, the sum of the pairs' scores decides, brought below one vote. */
export const oneVersusOneClassifier: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const count = classes.length;
  const pairs = pairsOf(count);
  const members = estimator.list('estimators_').map((member) => memberClass(member, columns, context));
  if (count < 3 || members.length !== pairs.length || estimator.has('pairwise_indices_')) {
    throw unsupportedPickle('holds a OneVsOneClassifier whose parts do not fit');
  }
  const second = math.concat(members.map(({ index }) => math.cast(math.unsqueeze(index, 1), 'float64')));
  const scores = math.concat(members.map((member) => scoreOfSecond(member, context)));
  const table = (first: number, other: number) =>
    math.constant(
      pairs.flatMap(([left, right]) =>
        Array.from({ length: count }, (_, place) => (place === left ? first : place === right ? other : 0)),
      ),
      [pairs.length, count],
    );
  const lost = Array.from({ length: count }, (_, place) => pairs.filter(([left]) => left === place).length);
  const votes = math.add(math.matMul(second, table(-1, 1)), math.row(lost));
  const sums = math.matMul(scores, table(-1, 1));
  const bounded = math.divide(sums, math.multiply(math.add(math.absolute(sums), 1), 3));
  return byLargest(classes, math.add(votes, bounded), null, context);
};

/** Probabilities of the classes from the scores of a classifier, by a logistic or a stepwise function each, averaged over the folds. */
export const calibratedClassifier: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const folds = estimator.list('calibrated_classifiers_').map((fold) => calibrate(fold, classes.length));
  const sum = folds.map((fold) => fold()).reduce((left, right) => math.add(left, right));
  const mean = math.divide(sum, folds.length);
  return byLargest(classes, mean, mean, context);

  function calibrate(fold: Value, count: number): () => string {
    return () => {
      const member = memberClass(inner(fold, 'estimator') ?? inner(fold, 'base_estimator'), columns, context);
      const calibrators = inner(fold, 'calibrators') ?? inner(fold, 'calibrators_');
      if (!Array.isArray(calibrators) || member.classes.length !== count) {
        throw unsupportedPickle('holds a CalibratedClassifierCV whose parts do not fit');
      }
      const all = count === 2 ? scoreOfSecond(member, context) : (member.decision ?? member.probabilities);
      if (all === null || calibrators.length !== (count === 2 ? 1 : count)) {
        throw unsupportedPickle('holds a CalibratedClassifierCV whose parts do not fit');
      }
      const parts = calibrators.map((calibrator, place) => calibrateOne(calibrator, math.columns(all, [place])));
      const [only] = parts;
      if (count === 2 && only !== undefined) return bothProbabilities(only, context);
      const each = math.concat(parts);
      const total = math.sum(each, 1);
      const none = math.equal(total, 0);
      return math.where(none, 1 / count, math.divide(each, math.where(none, 1, total)));
    };
  }

  function calibrateOne(calibrator: Value, score: string): string {
    const [a, b] = [inner(calibrator, 'a_'), inner(calibrator, 'b_')];
    if (typeof a === 'number' && typeof b === 'number') {
      return math.sigmoid(math.negate(math.add(math.multiply(score, a), b)));
    }
    const [from, to] = [inner(calibrator, 'X_thresholds_'), inner(calibrator, 'y_thresholds_')];
    if (!isArray(from) || !isArray(to)) throw unsupportedPickle('holds a CalibratedClassifierCV that was not fitted');
    return interpolate(score, readMatrix(from).values, readMatrix(to).values, context);
  }
};

/** A classifier of two classes that says the second from another probability on. */
export const thresholdClassifier: Predictor = (estimator, columns, context) => {
  const member = memberClass(estimator.value('estimator_'), columns, context);
  const { classes } = member;
  const threshold = estimator.value('best_threshold_', 'threshold');
  const method = estimator.value('response_method');
  const byDecision = method === 'decision_function' || (method === 'auto' && member.probabilities === null);
  const score = byDecision ? member.decision : scoreOfSecond({ ...member, decision: undefined }, context);
  if (classes.length !== 2 || score === undefined || !(typeof threshold === 'number' || threshold === 'auto')) {
    throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
  }
  const positive = estimator.value('pos_label');
  if (positive !== null && positive !== undefined && String(positive) !== String(classes[1])) {
    throw unsupportedPickle(`holds a ${estimator.name} whose positive class is the first`);
  }
  const at = threshold === 'auto' ? (byDecision ? 0 : 0.5) : threshold;
  const index = context.math.cast(context.math.squeeze(context.math.atLeast(score, at), 1), 'int64');
  return { task: 'classification', classes, index, probabilities: member.probabilities };
};

/** RFE and its relative predict from the columns that they have kept. */
export const selectingPredictor: Predictor = (estimator, columns, context) => {
  const kept = context.transform(estimator.object, columns);
  return context.predict(estimator.value('estimator_'), kept);
};

export const ransacRegressor: Predictor = (estimator, columns, context) =>
  context.predict(estimator.value('estimator_'), columns);

export const multiOutputRegressor: Predictor = (estimator, columns, context) => {
  const values = estimator.list('estimators_').map((member) => memberValue(member, columns, context));
  return { task: 'regression', value: context.math.concat(values), targets: values.length };
};

export const multiOutputClassifier: Predictor = (estimator, columns, context) => ({
  task: 'labels',
  targets: estimator.list('estimators_').map((member) => memberClass(member, columns, context)),
});
