import type { Estimator } from './estimator.ts';
import { readEstimator } from './estimator.ts';
import { readElements } from './numpy/read-array.ts';
import { isArray, isObject, type Value } from './pickle/values.ts';

/** Estimators within estimators are looked into that deep. */
const maxNesting = 20;

/** The estimator that sees the model's own columns: the first step, the best estimator, or itself. */
export function* outermost(estimator: Estimator): Generator<Estimator> {
  let current: Estimator | undefined = estimator;
  for (let level = 0; current !== undefined && level < maxNesting; level += 1) {
    yield current;
    current = innerOf(current);
  }
}

function innerOf(estimator: Estimator): Estimator | undefined {
  const steps = estimator.value('steps');
  const first = Array.isArray(steps) ? steps.find((step) => Array.isArray(step) && isObject(step[1])) : undefined;
  const union = estimator.value('transformer_list');
  const part = Array.isArray(union) ? union.find((entry) => Array.isArray(entry) && isObject(entry[1])) : undefined;
  const entry = first ?? part;
  const members = estimator.value('estimators_');
  const [member] = Array.isArray(members) ? members : [];
  const inner = Array.isArray(entry)
    ? entry[1]
    : (estimator.value('best_estimator_', 'estimator_', 'regressor_') ?? member);
  return isObject(inner) && inner.type.meaning === 'estimator' ? readEstimator(inner) : undefined;
}

/** How many columns a model was trained with, undefined where nothing tells. */
export function countFeatures(estimator: Estimator): number | undefined {
  for (const candidate of outermost(estimator)) {
    const count = ownCount(candidate);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** Names of the columns, where the model was trained with a table that had some (scikit-learn 1.0 and later). */
export function readFeatureNames(estimator: Estimator): string[] | null {
  for (const candidate of outermost(estimator)) {
    const names = candidate.value('feature_names_in_', '_feature_names_in', '_df_columns');
    const list = namesOf(names);
    if (list !== null) return list;
  }
  return null;
}

function namesOf(value: Value | undefined): string[] | null {
  const data = isObject(value) ? indexData(value.args) : value;
  if (Array.isArray(data) && data.every((name) => typeof name === 'string')) return data as string[];
  if (!isArray(data)) return null;
  const names = readElements(data);
  return names.every((name) => typeof name === 'string') ? (names as string[]) : null;
}

/** A pandas index is made of its class and `{'data': names}`. */
function indexData(args: Value): Value | undefined {
  const options = Array.isArray(args) ? args[1] : undefined;
  return options instanceof Map ? options.get('data') : undefined;
}

/** Since 0.24 estimators say so; before, it shows in the shape of what they learned. */
function ownCount(estimator: Estimator): number | undefined {
  for (const name of ['n_features_in_', 'n_features_', 'n_input_features_', '_n_features']) {
    const value = estimator.value(name);
    if (typeof value === 'number') return value;
  }
  for (const [name, axis] of shapes) {
    const value = estimator.value(name);
    if (isArray(value) && value.shape.length > 0) return value.shape[axis] ?? value.shape[0];
  }
  const [first] = Array.isArray(estimator.value('coefs_')) ? estimator.list('coefs_') : [];
  if (isArray(first)) return first.shape[0];
  const categories = estimator.value('categories_');
  return Array.isArray(categories) ? categories.length : undefined;
}

const shapes: readonly [name: string, axis: number][] = [
  ['coef_', 1],
  ['theta_', 1],
  ['_fit_X', 1],
  ['support_vectors_', 1],
  ['components_', 1],
  ['scale_', 0],
  ['mean_', 0],
  ['center_', 0],
  ['statistics_', 0],
];
