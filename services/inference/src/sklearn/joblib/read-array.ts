import { invalidPickle } from '../errors.ts';
import { countElements, elementBytes } from '../numpy/make-array.ts';
import { readShape } from '../numpy/read-shape.ts';
import type { NumpyArray } from '../numpy/types.ts';
import type { ByteReader } from '../pickle/byte-reader.ts';
import { isArray, isObject, isType, type PickledObject, type Value } from '../pickle/values.ts';

/** @returns whether that is joblib's placeholder for an array whose bytes follow in the file. */
export function isArrayWrapper(value: Value): value is PickledObject {
  return isObject(value) && value.type.meaning === 'joblib.array';
}

/**
 * Reads the array that follows joblib's placeholder (`NumpyArrayWrapper` of joblib 0.10 and later): the bytes as they
 * were in memory, since joblib 1.1 after padding to an address that suits them (one byte tells how much). Arrays of
 * objects are a pickle of their own, which `readNested` reads.
 */
export function readWrappedArray(wrapper: Value, reader: ByteReader, readNested: () => Value): NumpyArray {
  if (!isArrayWrapper(wrapper)) throw invalidPickle('an array is not announced');
  const { attributes } = wrapper;
  const type = attributes.get('dtype');
  if (!isType(type)) throw invalidPickle('an array has no type');
  if (type.letter === 'O') {
    const nested = readNested();
    if (!isArray(nested)) throw invalidPickle('an array of objects is something else');
    return nested;
  }
  const shape = readShape(attributes.get('shape'));
  const count = countElements(shape, elementBytes(type));
  const alignment = attributes.get('numpy_array_alignment_bytes');
  if (alignment !== undefined && alignment !== null) reader.block(reader.uint8());
  return {
    kind: 'array',
    type,
    shape,
    fortran: attributes.get('order') === 'F',
    bytes: reader.block(count * elementBytes(type)),
    objects: null,
  };
}
