import { unsupportedPickle } from './errors.ts';
import { type Matrix, readElements, readMatrix } from './numpy/read-array.ts';
import { describeValue, isArray, isObject, type Value } from './pickle/values.ts';

/** A fitted estimator of scikit-learn as data: its class and attributes, read by what they should be. */
export type Estimator = ReturnType<typeof readEstimator>;

/**
 * Looks at a pickled object as an estimator.
 *
 * @throws ServiceError 422 `inference.unsupported_pickle` for anything else, and from the methods for attributes that
 * are not there or not what they should be.
 */
export function readEstimator(value: Value | undefined) {
  if (!isObject(value) || value.type.meaning !== 'estimator') {
    throw unsupportedPickle(`holds ${describeValue(value)}, not a model of scikit-learn`);
  }
  const { attributes, type } = value;

  /** The first of several names that an attribute had over the versions. */
  function find(names: readonly string[]): Value | undefined {
    const name = names.find((candidate) => attributes.has(candidate));
    return name === undefined ? undefined : attributes.get(name);
  }

  function fail(names: readonly string[], expected: string): never {
    throw unsupportedPickle(`holds a ${type.name} whose ${names[0]} is not ${expected}; was it fitted?`);
  }

  return {
    name: type.name,
    className: `${type.module}.${type.name}`,
    object: value,

    /** scikit-learn's version that wrote it, where it says so. */
    get version(): string | null {
      const version = attributes.get('_sklearn_version');
      return typeof version === 'string' && /^[\w.+-]{1,40}$/.test(version) ? version : null;
    },

    has: (name: string) => attributes.has(name) && attributes.get(name) !== null,

    value: (...names: string[]): Value | undefined => find(names),

    matrix(...names: string[]): Matrix {
      const found = find(names);
      if (isArray(found)) return readMatrix(found);
      if (typeof found === 'number') return { shape: [], values: Float64Array.of(found) };
      if (Array.isArray(found) && found.every((item) => typeof item === 'number')) {
        return { shape: [found.length], values: Float64Array.from(found as number[]) };
      }
      return fail(names, 'an array of numbers');
    },

    number(...names: string[]): number {
      const found = find(names);
      if (isArray(found)) {
        const { values } = readMatrix(found);
        if (values.length === 1 && values[0] !== undefined) return values[0];
      }
      return typeof found === 'number' ? found : fail(names, 'a number');
    },

    text(...names: string[]): string {
      const found = find(names);
      return typeof found === 'string' ? found : fail(names, 'a text');
    },

    flag(name: string, otherwise = false): boolean {
      const found = attributes.get(name);
      return typeof found === 'boolean' ? found : otherwise;
    },

    /** Elements of a list, tuple or array. */
    list(...names: string[]): Value[] {
      const found = find(names);
      if (Array.isArray(found)) return found;
      return isArray(found) ? readElements(found) : fail(names, 'a list');
    },
  };
}
