import { invalidPickle } from '../errors.ts';
import { readInteger, readQuoted, readRawUnicode } from './literals.ts';
import type { Machine } from './machine.ts';
import type { Operations } from './operations.ts';

const utf8 = new TextDecoder();

/** Python 2's strings are bytes; as text they are read as Latin-1, as Python's `encoding="latin1"` does. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Integers of any size, least significant byte first, two's complement. */
function longInteger(machine: Machine, size: number): number | bigint {
  // Nothing in a model needs more; turning megabytes into a number takes minutes.
  if (size < 0 || size > 256) throw invalidPickle(`it has an integer of ${size} bytes`);
  const bytes = Uint8Array.from(machine.reader.block(size)).reverse();
  if (size === 0) return 0;
  const value = BigInt.asIntN(size * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** None, truth, numbers, texts and bytes, by the letters of Python's pickletools. */
export const scalarOperations: Operations = {
  N: (machine) => machine.push(null),
  '\x88': (machine) => machine.push(true),
  '\x89': (machine) => machine.push(false),
  I(machine) {
    const text = latin1(machine.reader.line());
    if (text === '00' || text === '01') machine.push(text === '01');
    else machine.push(readInteger(text));
  },
  L: (machine) => machine.push(readInteger(latin1(machine.reader.line()).replace(/L$/, ''))),
  J: (machine) => machine.push(machine.reader.int32()),
  K: (machine) => machine.push(machine.reader.uint8()),
  M: (machine) => machine.push(machine.reader.uint16()),
  '\x8a': (machine) => machine.push(longInteger(machine, machine.reader.uint8())),
  '\x8b': (machine) => machine.push(longInteger(machine, machine.reader.int32())),
  F(machine) {
    const text = latin1(machine.reader.line()).trim();
    const special = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }[text];
    const value = special ?? Number(text);
    if (special === undefined && (text === '' || Number.isNaN(value))) throw invalidPickle('a number is not one');
    machine.push(value);
  },
  G: (machine) => machine.push(machine.reader.float64()),
  S: (machine) => machine.push(readQuoted(latin1(machine.reader.line()))),
  T: (machine) => machine.push(latin1(machine.reader.block(machine.reader.int32()))),
  U: (machine) => machine.push(latin1(machine.reader.block(machine.reader.uint8()))),
  V: (machine) => machine.push(readRawUnicode(latin1(machine.reader.line()))),
  X: (machine) => machine.push(utf8.decode(machine.reader.block(machine.reader.uint32()))),
  '\x8c': (machine) => machine.push(utf8.decode(machine.reader.block(machine.reader.uint8()))),
  '\x8d': (machine) => machine.push(utf8.decode(machine.reader.block(machine.reader.uint64()))),
  B: (machine) => machine.push(machine.reader.block(machine.reader.uint32())),
  C: (machine) => machine.push(machine.reader.block(machine.reader.uint8())),
  '\x8e': (machine) => machine.push(machine.reader.block(machine.reader.uint64())),
  '\x96': (machine) => machine.push(machine.reader.block(machine.reader.uint64())),
};
