import { attribute, tensor } from '@vindima/onnx';
import { unsupportedPickle } from '../errors.ts';
import { byLargest, byThreshold, readClasses } from './classes.ts';
import type { Predictor } from './context.ts';
import { chosen, memberClass, memberValue } from './ensembles.ts';

const oneAxis = tensor.int64([1], []);

/** numpy's smallest step at 1: probabilities are kept away from 0 by it. */
const epsilon = 2 ** -52;

/**
 * AdaBoost: SAMME counts weighted votes (1 for, 1 / (classes - 1) against, since 1.4), SAMME.R of before 1.6 adds up logarithms of
 * probabilities.
 */
export const adaBoostClassifier: Predictor = (estimator, columns, context) => {
  const { math } = context;
  const classes = readClasses(estimator);
  const count = classes.length;
  const members = estimator.list('estimators_').map((member) => memberClass(member, columns, context));
  const weights = estimator.matrix('estimator_weights_').values;
  if (members.some((member) => member.classes.join() !== classes.join())) {
    throw unsupportedPickle('holds an AdaBoostClassifier whose members have other classes');
  }
  const isReal = estimator.value('algorithm') === 'SAMME.R';
  const [, minor = 0] = (estimator.version ?? '').split('.').map(Number);
  if (!isReal && minor < 4) throw unsupportedPickle('holds an AdaBoostClassifier (SAMME) of before scikit-learn 1.4');
  const parts = members.map((member, index) => {
    if (isReal) {
      if (member.probabilities === null) throw unsupportedPickle('holds an AdaBoostClassifier without probabilities');
      const log = math.log(math.where(math.less(member.probabilities, epsilon), epsilon, member.probabilities));
      const mean = math.divide(math.sum(log, 1), count);
      return math.multiply(math.subtract(log, mean), count - 1);
    }
    const weight = weights[index] ?? 0;
    const against = -weight / (count - 1);
    return math.add(math.multiply(chosen(member, count, context), weight - against), against);
  });
  const total = weights.slice(0, members.length).reduce((sum, weight) => sum + weight, 0);
  const sum = math.divide(
    parts.reduce((left, right) => math.add(left, right)),
    total,
  );
  if (count > 2) return byLargest(classes, sum, math.softmax(math.divide(sum, count - 1)), context);
  const decision = math.matMul(sum, math.constant([-1, 1], [2, 1]));
  const halves = math.concat([math.divide(decision, -2), math.divide(decision, 2)]);
  return byThreshold(classes, decision, 0, math.softmax(halves), context);
};

/** The weighted median of the members' values. */
export const adaBoostRegressor: Predictor = (estimator, columns, context) => {
  const { graph, math } = context;
  const members = estimator.list('estimators_').map((member) => memberValue(member, columns, context));
  const weights = estimator.matrix('estimator_weights_').values.slice(0, members.length);
  const all = math.concat(members);
  const [sorted, order] = graph.nodes('TopK', [all, math.integers([members.length])], {
    outputs: 2,
    attributes: { largest: attribute.int(0), axis: attribute.int(1) },
  });
  if (sorted === undefined || order === undefined) throw new Error('TopK has two outputs');
  const own = math.gather(math.constant(weights, [weights.length]), order, 0);
  const sums = graph.node('CumSum', [own, graph.initializer(oneAxis, 'axis')]);
  const half = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  const place = math.unsqueeze(math.argMax(math.cast(math.atLeast(sums, half), 'float64')), 1);
  return {
    task: 'regression',
    value: graph.node('GatherElements', [sorted, place], { axis: attribute.int(1) }),
    targets: 1,
  };
};
