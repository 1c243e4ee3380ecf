import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { asLabels, bothProbabilities, byLargest, byThreshold, isMultilabel, readClasses } from './classes.ts';
import { asNumbers, expectWidth } from './columns.ts';
import type { Column, Context, Predictor } from './context.ts';

/** x · coef_ᵀ + intercept_, and how many values that is per row. */
export function linearDecision(
  estimator: Estimator,
  columns: readonly Column[],
  context: Context,
): { value: string; count: number } {
  const coefficients = estimator.matrix('coef_');
  const [count, width] = coefficients.shape.length === 2 ? coefficients.shape : [1, coefficients.shape[0]];
  if (count === undefined || count < 1) throw unsupportedPickle(`holds a ${estimator.name} without coefficients`);
  expectWidth(estimator.name, width, columns);
  const { math } = context;
  const weights = math.constant(transpose(coefficients.values, count, columns.length), [columns.length, count]);
  const intercept = estimator.matrix('intercept_').values;
  const bias = intercept.length === count ? intercept : new Float64Array(count).fill(intercept[0] ?? 0);
  return { value: math.add(math.matMul(asNumbers(columns, context), weights), math.row(bias)), count };
}

/** @returns a row-major matrix turned over. */
export function transpose(values: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(values, (_, index) => values[(index % rows) * columns + Math.floor(index / rows)] ?? 0);
}

type ToProbabilities = (decision: string, count: number, context: Context) => string;

/** One logistic function per class, brought to a sum of 1 (one versus rest). */
const oneVersusRest: ToProbabilities = (decision, count, context) => {
  const { math } = context;
  const each = math.sigmoid(decision);
  return count === 1 ? bothProbabilities(each, context) : math.divide(each, math.sum(each, 1));
};

/** Softmax; two classes have the one decision d as [-d, d]. */
const multinomial: ToProbabilities = (decision, count, { math }) =>
  math.softmax(count === 1 ? math.concat([math.negate(decision), decision]) : decision);

/** As {@link oneVersusRest} for two classes; softmax for more, but not before 0.21, which was a mistake then. */
function discriminant(estimator: Estimator, classes: number): ToProbabilities {
  return classes === 2 || isBefore(estimator.version, 0, 21) ? oneVersusRest : multinomial;
}

/** Decisions between -1 and 1 as probabilities; where all are 0, all classes are equally likely. */
const modifiedHuber: ToProbabilities = (decision, count, context) => {
  const { math } = context;
  const each = math.divide(math.add(math.clip(decision, -1, 1), 1), 2);
  if (count === 1) return bothProbabilities(each, context);
  const total = math.sum(each, 1);
  const none = math.equal(total, 0);
  return math.where(none, 1 / count, math.divide(each, math.where(none, 1, total)));
};

function classifier(choose: (estimator: Estimator, classes: number) => ToProbabilities | null): Predictor {
  return (estimator, columns, context) => {
    const { value, count } = linearDecision(estimator, columns, context);
    if (isMultilabel(estimator)) return asLabels(value, count, 0, context);
    const classes = readClasses(estimator);
    if (count !== (classes.length === 2 ? 1 : classes.length)) {
      throw unsupportedPickle(`holds a ${estimator.name} with ${classes.length} classes and ${count} decisions`);
    }
    const probabilities = choose(estimator, classes.length)?.(value, count, context) ?? null;
    const prediction =
      count === 1
        ? byThreshold(classes, value, 0, probabilities, context)
        : byLargest(classes, value, probabilities, context);
    return { ...prediction, decision: value };
  };
}

/** Whether a version is known and before another one. */
function isBefore(version: string | null, major: number, minor: number): boolean {
  if (version === null) return false;
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

/**
 * `multi_class` was "ovr" before 0.22 ("warn" meanwhile), "auto" until 1.4, "deprecated" until 1.7 and is gone since:
 * all but "ovr" and "multinomial" mean softmax where there are more than two classes and the solver can
 * (newton-cholesky since 1.6). Two classes were never multinomial before 0.20.
 */
function logistic(estimator: Estimator, classes: number): ToProbabilities {
  const mode = estimator.has('multi_class') ? estimator.value('multi_class') : 'auto';
  if (mode === 'multinomial' && !(classes === 2 && isBefore(estimator.version, 0, 20))) return multinomial;
  const solver = estimator.value('solver');
  const separateSolver = solver === 'liblinear' || (solver === 'newton-cholesky' && isBefore(estimator.version, 1, 6));
  return mode === 'ovr' || mode === 'warn' || classes === 2 || separateSolver ? oneVersusRest : multinomial;
}

function stochastic(estimator: Estimator): ToProbabilities | null {
  const loss = estimator.value('loss');
  if (loss === 'log' || loss === 'log_loss') return oneVersusRest;
  return loss === 'modified_huber' ? modifiedHuber : null;
}

export const logisticRegression = classifier(logistic);
export const stochasticClassifier = classifier(stochastic);
export const linearDiscriminant = classifier(discriminant);
export const linearClassifier = classifier(() => null);

export const linearRegressor: Predictor = (estimator, columns, context) => {
  const { value, count } = linearDecision(estimator, columns, context);
  return { task: 'regression', value, targets: count };
};
