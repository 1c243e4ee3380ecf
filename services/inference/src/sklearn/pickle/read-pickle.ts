import { invalidPickle } from '../errors.ts';
import { isArrayWrapper, readWrappedArray } from '../joblib/read-array.ts';
import type { ByteReader } from './byte-reader.ts';
import { createMachine, type Meter } from './machine.ts';
import type { Operations } from './operations.ts';
import { containerOperations } from './operations-containers.ts';
import { memoOperations } from './operations-memo.ts';
import { objectOperations } from './operations-objects.ts';
import { scalarOperations } from './operations-scalars.ts';
import type { Value } from './values.ts';

const operations: Operations = {
  ...scalarOperations,
  ...containerOperations,
  ...memoOperations,
  ...objectOperations,
};
const byByte = Array.from({ length: 256 }, (_, byte) => operations[String.fromCharCode(byte)]);
const build = 'b'.charCodeAt(0);

/**
 * Reads a pickle of protocol 0 to 5 as plain data, without executing anything that is in it: classes and functions
 * are names of an allow-list, and what they would have made is made by rules of our own.
 *
 * joblib's files are pickles, too, with the bytes of every array behind the instruction that made its placeholder.
 *
 * @throws ServiceError 422 `inference.unsupported_pickle`, `inference.invalid_pickle` or
 * `inference.pickle_limit_exceeded`.
 */
export function readPickle(reader: ByteReader, meter: Meter): { value: Value; protocol: number } {
  const machine = createMachine(reader, meter);
  while (machine.result === undefined) {
    meter.countOperation();
    const byte = reader.uint8();
    const operation = byByte[byte];
    if (operation === undefined) throw invalidPickle(`byte ${reader.position - 1} is no instruction of a pickle`);
    operation(machine);
    if (byte === build && isArrayWrapper(machine.top())) {
      const array = readWrappedArray(machine.pop(), reader, () => readPickle(reader, meter).value);
      machine.push(array);
    }
  }
  return { value: machine.result, protocol: machine.protocol };
}
