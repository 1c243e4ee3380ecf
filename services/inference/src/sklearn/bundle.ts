import { predictors, transformers } from './converters/registry.ts';
import { unsupportedPickle } from './errors.ts';
import { isObject, type PickledObject, type Value } from './pickle/values.ts';

/** Under these names a bundle says which columns its model was trained with. */
const columnKeys = /^(columns|features|feature_names|feature_columns|feature_cols|cols)$/i;

/**
 * Reads what people save together: a dictionary or list of a model, what prepares its data, and the names of its columns. The preparation is
 * put before the model, in the order in which it stands there.
 *
 * @returns the value itself where it is no bundle
 * @throws ServiceError 422 `inference.unsupported_pickle` for a bundle without a model, or with several
 */
export function openBundle(value: Value): Value {
  const entries = entriesOf(value);
  if (entries === undefined) return value;
  const estimators = entries.flatMap(([, member]) =>
    isObject(member) && member.type.meaning === 'estimator' ? [member] : [],
  );
  if (estimators.length === 0) return value;
  const models = estimators.filter(predicts);
  const [model] = models;
  if (model === undefined || models.length > 1) {
    const names = estimators.map(({ type }) => type.name).join(', ');
    throw unsupportedPickle(
      `holds ${models.length} models (${names.slice(0, 200)}); save one, with what prepares its data`,
    );
  }
  const steps = estimators.filter((member) => member !== model);
  const unknown = steps.find(({ type }) => type.name === 'LabelEncoder' || !transformers.has(type.name));
  if (unknown !== undefined) {
    throw unsupportedPickle(
      `holds a ${unknown.type.name} beside its model, and does not say what for; save a Pipeline of them instead`,
    );
  }
  const columns = entries.find(([key, member]) => columnKeys.test(key) && isNames(member))?.[1];
  if (steps.length === 0 && columns === undefined) return model;
  const attributes = new Map<Value, Value>([
    ['steps', [...steps, model].map((member, place) => [String(place), member])],
  ]);
  if (columns !== undefined) attributes.set('feature_names_in_', columns);
  const type = { kind: 'global', module: 'sklearn.pipeline', name: 'Pipeline', meaning: 'estimator' } as const;
  return { kind: 'object', type, args: [], attributes, state: null };
}

const entriesOf = (value: Value): [string, Value][] | undefined => {
  if (value instanceof Map) return Array.from(value, ([key, member]) => [String(key), member]);
  return Array.isArray(value) ? value.map((member, place) => [String(place), member]) : undefined;
};

/** A Pipeline predicts if its last step does. */
const predicts = ({ type, attributes }: PickledObject): boolean => {
  if (type.name !== 'Pipeline') return predictors.has(type.name);
  const steps = attributes.get('steps');
  const last = Array.isArray(steps) ? steps.at(-1) : undefined;
  const member = Array.isArray(last) ? last[1] : undefined;
  return isObject(member) && predicts(member);
};

const isNames = (value: Value): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string');
