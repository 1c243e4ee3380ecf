import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readMatrix } from '../numpy/read-array.ts';
import { isArray, type Value } from '../pickle/values.ts';
import { byLargest, readClasses } from './classes.ts';
import { columnsOf } from './columns.ts';
import type { Classification, ClassLabel, Column, Context, Prediction, Predictor } from './context.ts';

/** What a member says, which must be a class. */
export function memberClass(member: Value | undefined, columns: readonly Column[], context: Context): Classification {
  const prediction = context.predict(member, columns);
  if (prediction.task !== 'classification') throw unsupportedPickle('holds a classifier made of what is none');
  return prediction;
}

export function memberValue(member: Value | undefined, columns: readonly Column[], context: Context): string {
  const prediction = context.predict(member, columns);
  if (prediction.task !== 'regression') throw unsupportedPickle('holds a regressor made of what is none');
  return prediction.value;
}

/** 1 for the class that was chosen, 0 for the others: float64 [rows, classes]. */
export function chosen({ index }: Classification, count: number, { graph, math }: Context): string {
  const places = math.integers(
    Array.from({ length: count }, (_, place) => place),
    [1, count],
  );
  return math.cast(graph.node('Equal', [math.unsqueeze(index, 1), places]), 'float64');
}

/** Puts the columns of a member, whose classes are numbers of the outer ones, where those are. */
export function inOrder(scores: string, own: readonly ClassLabel[], count: number, { math }: Context): string {
  if (own.length === count && own.every((label, place) => Number(label) === place)) return scores;
  const places = own.map(Number);
  if (!places.every((place) => Number.isInteger(place) && place >= 0 && place < count)) {
    throw unsupportedPickle('holds members with other classes than the whole');
  }
  const matrix = places.flatMap((place) => Array.from({ length: count }, (_, column) => (column === place ? 1 : 0)));
  return math.matMul(scores, math.constant(matrix, [places.length, count]));
}

function weighted(parts: readonly string[], weights: readonly number[], context: Context): string {
  const { math } = context;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sum = parts
    .map((part, index) => (weights[index] === 1 ? part : math.multiply(part, weights[index] ?? 1)))
    .reduce((left, right) => math.add(left, right));
  return math.divide(sum, total);
}

function weightsOf(estimator: Estimator, count: number): number[] {
  const all = estimator.has('weights')
    ? Array.from(estimator.matrix('weights').values)
    : new Array<number>(count).fill(1);
  // Members that were left out have a weight all the same.
  const members = estimator.value('estimators');
  const kept = Array.isArray(members)
    ? all.filter(
        (_, index) => !(Array.isArray(members[index]) && (members[index][1] === 'drop' || members[index][1] === null)),
      )
    : all;
  if (kept.length !== count) throw unsupportedPickle(`holds a ${estimator.name} whose weights do not fit`);
  return kept;
}

export const votingClassifier: Predictor = (estimator, columns, context) => {
  const classes = readClasses(estimator);
  const members = estimator.list('estimators_').map((member) => memberClass(member, columns, context));
  const weights = weightsOf(estimator, members.length);
  if (estimator.value('voting') === 'soft') {
    const parts = members.map(({ probabilities, classes: own }) => {
      if (probabilities === null) throw unsupportedPickle('holds a soft vote of what has no probabilities');
      return inOrder(probabilities, own, classes.length, context);
    });
    const mean = weighted(parts, weights, context);
    return byLargest(classes, mean, mean, context);
  }
  const votes = members.map((member) =>
    inOrder(chosen(member, member.classes.length, context), member.classes, classes.length, context),
  );
  return byLargest(classes, weighted(votes, weights, context), null, context);
};

export const votingRegressor: Predictor = (estimator, columns, context) => {
  const members = estimator.list('estimators_').map((member) => memberValue(member, columns, context));
  return { task: 'regression', value: weighted(members, weightsOf(estimator, members.length), context), targets: 1 };
};

/** The columns that each member of a bag was given. */
function bagOf(estimator: Estimator, columns: readonly Column[]): { member: Value; own: Column[] }[] {
  const features = estimator.list('estimators_features_');
  return estimator.list('estimators_').map((member, index) => {
    const places = features[index];
    if (!isArray(places)) throw unsupportedPickle(`holds a ${estimator.name} whose parts do not fit`);
    const own = Array.from(readMatrix(places).values, (place) => {
      const column = columns[place];
      if (column === undefined) throw unsupportedPickle(`holds a ${estimator.name} of columns that there are not`);
      return column;
    });
    return { member, own };
  });
}

export const baggingClassifier: Predictor = (estimator, columns, context) => {
  const classes = readClasses(estimator);
  const parts = bagOf(estimator, columns).map(({ member, own }) => {
    const prediction = memberClass(member, own, context);
    const scores = prediction.probabilities ?? chosen(prediction, prediction.classes.length, context);
    return inOrder(scores, prediction.classes, classes.length, context);
  });
  const mean = weighted(
    parts,
    parts.map(() => 1),
    context,
  );
  return byLargest(classes, mean, mean, context);
};

export const baggingRegressor: Predictor = (estimator, columns, context) => {
  const parts = bagOf(estimator, columns).map(({ member, own }) => memberValue(member, own, context));
  return {
    task: 'regression',
    value: weighted(
      parts,
      parts.map(() => 1),
      context,
    ),
    targets: 1,
  };
};

/** What one member of a stack gives to the final estimator. */
function stackColumns(prediction: Prediction, method: Value | undefined, context: Context): Column[] {
  const { math } = context;
  if (prediction.task === 'regression') return columnsOf(prediction.value, prediction.targets, context);
  if (prediction.task !== 'classification') throw unsupportedPickle('holds a stack of several labels');
  const { classes, index, probabilities, decision } = prediction;
  const count = classes.length;
  if (method === 'predict_proba' && probabilities !== null) {
    const all = columnsOf(probabilities, count, context);
    // Of two classes the first says nothing that the second does not.
    return count === 2 ? all.slice(1) : all;
  }
  if (method === 'decision_function' && decision != null) return columnsOf(decision, count === 2 ? 1 : count, context);
  if (method === 'predict') {
    const table = math.constant(classes.map(Number), [count]);
    return columnsOf(math.unsqueeze(math.gather(table, index, 0), 1), 1, context);
  }
  throw unsupportedPickle('holds a stack of what has no such scores');
}

function finalOf(estimator: Estimator, columns: readonly Column[], context: Context): Prediction {
  const methods = estimator.list('stack_method_');
  const parts = estimator
    .list('estimators_')
    .flatMap((member, index) => stackColumns(context.predict(member, columns), methods[index], context));
  const all = estimator.flag('passthrough') ? [...parts, ...columns] : parts;
  return context.predict(estimator.value('final_estimator_'), all);
}

export const stackingClassifier: Predictor = (estimator, columns, context) => {
  const classes = readClasses(estimator);
  const final = finalOf(estimator, columns, context);
  if (final.task !== 'classification' || final.classes.length !== classes.length) {
    throw unsupportedPickle('holds a stack whose final estimator does not fit');
  }
  return { ...final, classes };
};

export const stackingRegressor: Predictor = (estimator, columns, context) => finalOf(estimator, columns, context);
