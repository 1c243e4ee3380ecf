import { invalidPickle } from '../errors.ts';
import { buildState } from './build-state.ts';
import { resolveGlobal } from './globals.ts';
import type { Machine } from './machine.ts';
import type { Operations } from './operations.ts';
import { reduce } from './reduce.ts';
import { isGlobal, type KnownGlobal, type Value } from './values.ts';

const utf8 = new TextDecoder();

function readGlobal(machine: Machine): KnownGlobal {
  const module = utf8.decode(machine.reader.line());
  return resolveGlobal(module, utf8.decode(machine.reader.line()));
}

/** @returns how much of what a pickle hands over may be copied: texts, and the elements of lists and dictionaries. */
function sizeOf(given: Value): number {
  if (typeof given === 'string') return given.length;
  if (given instanceof Map) return given.size;
  if (!Array.isArray(given)) return 0;
  return given.reduce<number>((sum, part) => sum + lengthOf(part), given.length);
}

function lengthOf(part: Value): number {
  if (part instanceof Map) return part.size;
  return typeof part === 'string' || Array.isArray(part) ? part.length : 0;
}

/** Makes an object of a class, or what a function would have made; all of it by rules of our own. */
function construct(machine: Machine, callable: Value, args: Value): void {
  if (!isGlobal(callable)) throw invalidPickle('it makes an object of what is no class');
  machine.meter.countOperation(sizeOf(args));
  const made = reduce(callable, args);
  if (typeof made === 'object' && made !== null) machine.nest(made, [args]);
  machine.push(made);
}

/** Names of classes, objects and their state. */
export const objectOperations: Operations = {
  c: (machine) => machine.push(readGlobal(machine)),
  '\x93'(machine) {
    const name = machine.pop();
    const module = machine.pop();
    if (typeof name !== 'string' || typeof module !== 'string') throw invalidPickle('a name is no text');
    machine.push(resolveGlobal(module, name));
  },
  i(machine) {
    const type = readGlobal(machine);
    construct(machine, type, machine.popToMark());
  },
  o(machine) {
    const [type, ...args] = machine.popToMark();
    construct(machine, type ?? null, args);
  },
  R(machine) {
    const args = machine.pop();
    construct(machine, machine.pop(), args);
  },
  '\x81'(machine) {
    const args = machine.pop();
    construct(machine, machine.pop(), args);
  },
  '\x92'(machine) {
    machine.pop();
    const args = machine.pop();
    construct(machine, machine.pop(), args);
  },
  b(machine) {
    const state = machine.pop();
    const target = machine.pop();
    machine.push(target);
    if (typeof target === 'object' && target !== null) machine.nest(target, [state]);
    machine.meter.countOperation(sizeOf(state));
    buildState(target, state);
  },
};
