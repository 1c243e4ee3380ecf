import { invalidPickle, unsupportedPickle } from '../errors.ts';
import { readInteger } from './literals.ts';
import type { Machine } from './machine.ts';
import type { Operations } from './operations.ts';

function lineNumber(machine: Machine): number {
  return Number(readInteger(Buffer.from(machine.reader.line()).toString('latin1')));
}

function remember(machine: Machine, index: number): void {
  machine.memo.set(index, machine.top());
}

function recall(machine: Machine, index: number): void {
  const value = machine.memo.get(index);
  if (value === undefined) throw invalidPickle('it recalls a value that it did not memorize');
  machine.push(value);
}

function unsupportedOutOfBand(what: string): never {
  throw unsupportedPickle(`refers to ${what}, which is not in the file`);
}

/** The memo, the frame around it all, and what points outside of the file. */
export const memoOperations: Operations = {
  '(': (machine) => machine.mark(),
  '0': (machine) => machine.popValueOrMark(),
  '1': (machine) => void machine.popToMark(),
  '2': (machine) => machine.push(machine.top()),
  p: (machine) => remember(machine, lineNumber(machine)),
  q: (machine) => remember(machine, machine.reader.uint8()),
  r: (machine) => remember(machine, machine.reader.uint32()),
  '\x94': (machine) => remember(machine, machine.memo.size),
  g: (machine) => recall(machine, lineNumber(machine)),
  h: (machine) => recall(machine, machine.reader.uint8()),
  j: (machine) => recall(machine, machine.reader.uint32()),
  '\x80'(machine) {
    const protocol = machine.reader.uint8();
    if (protocol > 5) throw unsupportedPickle(`has the pickle protocol ${protocol}; 0 to 5 are supported`);
    machine.protocol = protocol;
  },
  '\x95'(machine) {
    if (machine.reader.uint64() > machine.reader.left) throw invalidPickle('a frame is longer than the file');
  },
  '.'(machine) {
    machine.result = machine.pop();
  },
  P: () => unsupportedOutOfBand('an object by a persistent name'),
  Q: () => unsupportedOutOfBand('an object by a persistent name'),
  '\x82': () => unsupportedOutOfBand('a class by the number of an extension'),
  '\x83': () => unsupportedOutOfBand('a class by the number of an extension'),
  '\x84': () => unsupportedOutOfBand('a class by the number of an extension'),
  '\x97': () => unsupportedOutOfBand('an out-of-band buffer'),
  '\x98': () => unsupportedOutOfBand('an out-of-band buffer'),
};
