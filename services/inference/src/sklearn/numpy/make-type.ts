import { invalidPickle, unsupportedPickle } from '../errors.ts';
import { isType, type Value } from '../pickle/values.ts';
import type { NumpyField, NumpyType } from './types.ts';

/** Makes a dtype of `numpy.dtype('f8', ...)`: a letter and a size, or one of Python's names for it. */
export function makeType([code]: readonly Value[]): NumpyType {
  const text = code instanceof Uint8Array ? Buffer.from(code).toString('latin1') : code;
  const match = typeof text === 'string' ? /^([<>|=]?)([biufcSUVOaMm])(\d{0,9})$/.exec(text) : null;
  if (match === null) throw unsupportedPickle('has an array of a type that is not supported');
  const [, order, letter = '', digits = ''] = match;
  if (letter === 'M' || letter === 'm' || letter === 'c') {
    throw unsupportedPickle(`has an array of ${letter === 'c' ? 'complex numbers' : 'dates'}, which are not supported`);
  }
  const size = Number(digits) * (letter === 'U' ? 4 : 1);
  return {
    kind: 'dtype',
    letter: letter === 'a' ? 'S' : letter,
    size: letter === 'O' ? 8 : size,
    littleEndian: order !== '>',
    fields: null,
  };
}

/** Completes a dtype: `(version, byte order, subtype, names, fields, size, alignment, flags...)`. */
export function setTypeState(type: NumpyType, state: Value): void {
  if (!Array.isArray(state) || state.length < 5) throw invalidPickle('the type of an array has no state');
  const [, order, subtype, names, fields, size] = state;
  if (subtype !== null) throw unsupportedPickle('has arrays within the records of an array');
  type.littleEndian = order !== '>';
  if (type.letter === 'V' || type.letter === 'S' || type.letter === 'U') {
    if (typeof size === 'number' && size >= 0) type.size = size;
  }
  if (Array.isArray(names) && fields instanceof Map) type.fields = names.map((name) => readField(name, fields, type));
}

function readField(name: Value, fields: Map<Value, Value>, record: NumpyType): NumpyField {
  const field = fields.get(name);
  if (typeof name !== 'string' || !Array.isArray(field)) throw invalidPickle('a record has a field without a type');
  const [type, offset] = field;
  if (!isType(type) || type === record || typeof offset !== 'number' || !Number.isSafeInteger(offset)) {
    throw invalidPickle('a record has a field without a type');
  }
  if (offset < 0 || type.letter === 'O' || offset + type.size > record.size) {
    throw invalidPickle('a record has a field outside of it');
  }
  return { name, type, offset };
}
