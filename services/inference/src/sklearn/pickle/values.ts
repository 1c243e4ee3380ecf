import type { NumpyArray, NumpyType } from '../numpy/types.ts';

/**
 * What a pickle can hold, as plain data. Tuples are arrays too, and a float without a fraction is an integer: no
 * converter needs to tell them apart.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Value[]
  | Map<Value, Value>
  | Set<Value>
  | KnownGlobal
  | PickledObject
  | NumpyArray
  | NumpyType;

/** What a global of the allow-list is to the reader; see globals.ts. */
export type Meaning =
  | 'numpy.reconstruct'
  | 'numpy.masked-reconstruct'
  | 'numpy.from-buffer'
  | 'numpy.scalar'
  | 'numpy.dtype'
  | 'codecs.encode'
  | 'object-reconstructor'
  | 'mapping'
  | 'set'
  | 'bytes'
  | 'slice'
  | 'joblib.array'
  | 'estimator'
  | 'opaque';

/** A class or function that the pickle names: a name, never the thing itself. */
export interface KnownGlobal {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
  readonly meaning: Meaning;
}

/** An instance of a class: what it was made with and its attributes. */
export interface PickledObject {
  readonly kind: 'object';
  readonly type: KnownGlobal;
  readonly args: Value;
  readonly attributes: Map<Value, Value>;
  /** State that is not a dictionary of attributes. */
  state: Value;
}

type Tagged = KnownGlobal | PickledObject | NumpyArray | NumpyType;

function isTagged(value: Value | undefined): value is Tagged {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

export function isGlobal(value: Value | undefined): value is KnownGlobal {
  return isTagged(value) && value.kind === 'global';
}

export function isObject(value: Value | undefined): value is PickledObject {
  return isTagged(value) && value.kind === 'object';
}

export function isArray(value: Value | undefined): value is NumpyArray {
  return isTagged(value) && value.kind === 'array';
}

export function isType(value: Value | undefined): value is NumpyType {
  return isTagged(value) && value.kind === 'dtype';
}

/** @returns what a value is, in a person's words, without showing any of it. */
export function describeValue(value: Value | undefined): string {
  if (value === undefined || value === null) return 'nothing (None)';
  if (Array.isArray(value)) return 'a list or tuple';
  if (value instanceof Map) return 'a dictionary';
  if (value instanceof Set) return 'a set';
  if (value instanceof Uint8Array) return 'bytes';
  if (typeof value === 'string') return 'a text';
  if (typeof value !== 'object') return 'a number';
  if (value.kind === 'array' || value.kind === 'dtype') return 'a numpy array or type';
  if (value.kind === 'global') return `the name ${value.module}.${value.name}`;
  return `an object of ${value.type.module}.${value.type.name}`;
}
