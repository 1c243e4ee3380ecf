import { invalidPickle, unsupportedPickle } from '../errors.ts';
import { arrayFromBuffer, emptyArray } from '../numpy/make-array.ts';
import { makeType } from '../numpy/make-type.ts';
import { readScalar } from '../numpy/read-scalar.ts';
import { isGlobal, type KnownGlobal, type Value } from './values.ts';

/**
 * What comes of a class or function and its arguments. Nothing is called: each name of the allow-list that makes data
 * has its meaning here, and every other one becomes an object that only remembers its class and arguments.
 */
export function reduce(callable: KnownGlobal, args: Value): Value {
  const list = Array.isArray(args) ? args : [];
  switch (callable.meaning) {
    case 'numpy.reconstruct':
      return emptyArray();
    case 'numpy.masked-reconstruct':
      return emptyArray();
    case 'numpy.from-buffer':
      return arrayFromBuffer(list);
    case 'numpy.dtype':
      return makeType(list);
    case 'numpy.scalar':
      return readScalar(list);
    case 'codecs.encode':
      return encodeText(list);
    case 'mapping':
      return mappingOf(list);
    case 'set':
      return new Set(Array.isArray(list[0]) ? list[0] : []);
    case 'bytes':
      return list.length === 1 && list[0] instanceof Uint8Array ? list[0] : encodeText(list);
    case 'object-reconstructor':
      return reconstruct(list);
    default:
      return { kind: 'object', type: callable, args, attributes: new Map(), state: null };
  }
}

/** `_codecs.encode(text, 'latin1')` is how protocols before 3 write bytes. */
function encodeText([text, encoding]: readonly Value[]): Uint8Array {
  if (text === undefined) return new Uint8Array();
  if (typeof text !== 'string') throw invalidPickle('bytes are written as something else than text');
  if (encoding !== 'latin1' && encoding !== 'latin-1') {
    throw unsupportedPickle('has bytes in an encoding other than Latin-1');
  }
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** `copyreg._reconstructor(class, base, state)` is how protocols before 2 make an object of a class. */
function reconstruct([type]: readonly Value[]): Value {
  if (!isGlobal(type)) throw invalidPickle('it makes an object of what is no class');
  return { kind: 'object', type, args: [], attributes: new Map(), state: null };
}

/** `OrderedDict([[key, value], ...])`, and the same with no arguments. */
function mappingOf([pairs]: readonly Value[]): Map<Value, Value> {
  const map = new Map<Value, Value>();
  if (!Array.isArray(pairs)) return map;
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw invalidPickle('a dictionary has something else than pairs');
    map.set(pair[0] ?? null, pair[1] ?? null);
  }
  return map;
}
