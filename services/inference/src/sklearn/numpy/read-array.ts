import { invalidPickle, unsupportedPickle } from '../errors.ts';
import { isArray, type Value } from '../pickle/values.ts';
import { type Element, numberReader, readElement } from './read-element.ts';
import type { NumpyArray, NumpyType } from './types.ts';

/** Numbers in C order (last index fastest) with their shape. */
export interface Matrix {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Reads an array of numbers, whatever their type, byte order and memory order. */
export function readMatrix(array: NumpyArray): Matrix {
  const { shape } = array;
  if (array.objects !== null) {
    return { shape, values: Float64Array.from(inCOrder(array, array.objects), toNumber) };
  }
  const type = typeOf(array);
  const view = viewOf(array);
  const read = numberReader(type);
  const count = view.byteLength / type.size;
  const values = new Float64Array(count);
  for (let index = 0; index < count; index += 1) values[index] = Number(read(view, index * type.size));
  return { shape, values: array.fortran ? Float64Array.from(inCOrder(array, values)) : values };
}

/** Reads an array's elements as they are, in C order: numbers, texts, truths, objects. */
export function readElements(array: NumpyArray): Value[] {
  if (array.objects !== null) return [...inCOrder(array, array.objects)];
  const type = typeOf(array);
  const view = viewOf(array);
  const elements: Element[] = [];
  for (let offset = 0; offset < view.byteLength; offset += type.size) elements.push(readElement(type, view, offset));
  return [...inCOrder(array, elements)];
}

/** Reads one field of an array of records, as numbers; undefined where there is no such field. */
export function readColumn(array: NumpyArray, name: string): Float64Array | undefined {
  const type = typeOf(array);
  const field = type.fields?.find((candidate) => candidate.name === name);
  if (field === undefined) return undefined;
  const view = viewOf(array);
  const read = numberReader(field.type);
  const count = view.byteLength / type.size;
  return Float64Array.from({ length: count }, (_, index) => Number(read(view, index * type.size + field.offset)));
}

/** @returns the array within a value, refused with the name of what was expected to be one. */
export function requireArray(value: Value | undefined, name: string): NumpyArray {
  if (!isArray(value)) throw unsupportedPickle(`has a model whose ${name} is no array; was it fitted?`);
  return value;
}

function typeOf(array: NumpyArray): NumpyType {
  if (array.type === null) throw invalidPickle('an array has no type');
  return array.type;
}

function viewOf({ bytes }: NumpyArray): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function toNumber(value: Value): number {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  throw unsupportedPickle('has an array of objects where numbers were expected');
}

/** Goes over elements that are stored in an array's own order in C order. */
function inCOrder<T>(array: NumpyArray, stored: ArrayLike<T>): Iterable<T> & ArrayLike<T> {
  const { shape, fortran } = array;
  if (!fortran || shape.length < 2) return Array.from(stored);
  const strides: number[] = [];
  shape.reduce((stride, size, axis) => {
    strides[axis] = stride;
    return stride * size;
  }, 1);
  const index = shape.map(() => 0);
  return Array.from({ length: stored.length }, () => {
    const position = index.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 0), 0);
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break;
      index[axis] = 0;
    }
    return stored[position] as T;
  });
}
