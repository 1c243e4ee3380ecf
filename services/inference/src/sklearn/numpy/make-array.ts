import { invalidPickle } from '../errors.ts';
import { isArray, isType, type Value } from '../pickle/values.ts';
import { readShape } from './read-shape.ts';
import type { NumpyArray, NumpyType } from './types.ts';

/** @returns an array that does not know yet what is in it. */
export function emptyArray(): NumpyArray {
  return { kind: 'array', type: null, shape: [0], fortran: false, bytes: new Uint8Array(), objects: null };
}

/** @returns bytes of one element; refuses types without a size, whose arrays could claim any length. */
export function elementBytes(type: NumpyType): number {
  if (!(type.size > 0)) throw invalidPickle('an array has elements without a size');
  return type.size;
}

/** @returns how many elements a shape has, refused where their bytes cannot be counted. */
export function countElements(shape: readonly number[], size: number): number {
  const count = shape.reduce((product, length) => product * length, 1);
  if (!Number.isSafeInteger(count * size)) throw invalidPickle('an array is larger than any file');
  return count;
}

/**
 * Fills an array from its state, numpy's `(version, shape, dtype, is_fortran, data)`; before version 1 without the
 * first, for masked arrays with mask and fill value behind.
 */
export function setArrayState(array: NumpyArray, state: Value): void {
  if (!Array.isArray(state)) throw invalidPickle('an array has no state');
  const [shape, type, fortran, data] = state.length === 4 ? state : state.slice(1);
  if (!isType(type)) throw invalidPickle('an array has no type');
  fill(array, readShape(shape), type, data);
  array.fortran = fortran === true || fortran === 1;
}

/** Protocol 5 writes arrays as `_frombuffer(data, dtype, shape, order)`. */
export function arrayFromBuffer([data, type, shape, order]: readonly Value[]): NumpyArray {
  if (!isType(type)) throw invalidPickle('an array has no type');
  const array = emptyArray();
  fill(array, readShape(shape), type, isArray(data) ? data.bytes : data);
  array.fortran = order === 'F';
  return array;
}

function fill(array: NumpyArray, shape: readonly number[], type: NumpyType, data: Value | undefined): void {
  const count = countElements(shape, elementBytes(type));
  if (type.letter === 'O') {
    if (!Array.isArray(data) || data.length !== count) throw invalidPickle('an array has not the elements it claims');
    array.objects = data;
  } else {
    // Python 2 wrote bytes as text.
    const bytes = typeof data === 'string' ? Uint8Array.from(Buffer.from(data, 'latin1')) : data;
    if (!(bytes instanceof Uint8Array) || bytes.length !== count * type.size) {
      throw invalidPickle('an array has not the elements it claims');
    }
    array.bytes = bytes;
  }
  array.type = type;
  array.shape = shape;
}
