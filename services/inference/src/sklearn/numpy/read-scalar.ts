import { invalidPickle } from '../errors.ts';
import { isType, type Value } from '../pickle/values.ts';
import { readElement } from './read-element.ts';

/** Reads `numpy.core.multiarray.scalar(dtype, bytes)`: one number or text. */
export function readScalar([type, data]: readonly Value[]): Value {
  if (!isType(type)) throw invalidPickle('a number of numpy has no type');
  if (type.letter === 'O') return data ?? null;
  const bytes = typeof data === 'string' ? Uint8Array.from(Buffer.from(data, 'latin1')) : data;
  if (!(bytes instanceof Uint8Array) || bytes.length !== type.size) {
    throw invalidPickle('a number of numpy has not the size that its type has');
  }
  // A record has no meaning on its own in any model.
  if (type.letter === 'V') return null;
  return readElement(type, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
}
