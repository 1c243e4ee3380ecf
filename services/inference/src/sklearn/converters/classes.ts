import { unsupportedPickle } from '../errors.ts';
import type { Estimator } from '../estimator.ts';
import { readElements } from '../numpy/read-array.ts';
import { isArray, isObject, type Value } from '../pickle/values.ts';
import type { Classification, ClassLabel, Context, Prediction } from './context.ts';

/** Reads `classes_`: integers stay integers, everything else becomes text as Python would print it. */
export function readClasses(estimator: Estimator): ClassLabel[] {
  const binarizer = estimator.value('_label_binarizer');
  const found = estimator.value('classes_') ?? (isObject(binarizer) ? binarizer.attributes.get('classes_') : undefined);
  if (!isArray(found) || found.shape.length !== 1) {
    throw unsupportedPickle(`holds a ${estimator.name} without one list of classes; several targets are not supported`);
  }
  return labelsOf(found, estimator);
}

/** The classes in one list. */
export function labelsOf(found: Value, estimator: Estimator): ClassLabel[] {
  if (!isArray(found)) throw unsupportedPickle(`holds a ${estimator.name} without a list of classes`);
  const classes = readElements(found);
  if (classes.length < 2) throw unsupportedPickle(`holds a ${estimator.name} with fewer than two classes`);
  if (classes.every((label) => typeof label === 'number' && Number.isSafeInteger(label))) return classes as number[];
  return classes.map(toText);
}

function toText(label: Value): string {
  if (typeof label === 'string') return label;
  if (typeof label === 'boolean') return label ? 'True' : 'False';
  if (typeof label === 'number' || typeof label === 'bigint') return String(label);
  throw unsupportedPickle('has classes that are neither texts nor numbers');
}

/** Whether several labels are told at once, as the binarizer of the targets says. */
export function isMultilabel(estimator: Estimator): boolean {
  const binarizer = estimator.value('_label_binarizer');
  return isObject(binarizer) && String(binarizer.attributes.get('y_type_')).startsWith('multilabel');
}

/** Labels that are there (1) where their score is above the threshold, and not (0) elsewhere. */
export function asLabels(scores: string, count: number, threshold: number, context: Context): Prediction {
  const { math } = context;
  const targets = Array.from({ length: count }, (_, place) =>
    byThreshold([0, 1], math.columns(scores, [place]), threshold, null, context),
  );
  return { task: 'labels', targets };
}

/** A classification decided by the largest of one score per class. */
export function byLargest(
  classes: readonly ClassLabel[],
  scores: string,
  probabilities: string | null,
  { math }: Context,
): Classification {
  return { task: 'classification', classes, index: math.argMax(scores), probabilities };
}

/** A classification into two classes: the second where the decision, [rows, 1], is above the threshold. */
export function byThreshold(
  classes: readonly ClassLabel[],
  decision: string,
  threshold: number,
  probabilities: string | null,
  { math }: Context,
): Classification {
  const index = math.cast(math.squeeze(math.greater(decision, threshold), 1), 'int64');
  return { task: 'classification', classes, index, probabilities };
}

/** [1 - p, p] of the probability of the second class, [rows, 1]. */
export function bothProbabilities(second: string, { math }: Context): string {
  return math.concat([math.subtract(1, second), second]);
}
