import { invalidPickle } from '../errors.ts';
import type { Machine } from './machine.ts';
import type { Operations } from './operations.ts';
import { isObject, type Value } from './values.ts';

function pushTuple(machine: Machine, size: number): void {
  const items: Value[] = [];
  for (let index = 0; index < size; index += 1) items.unshift(machine.pop());
  pushList(machine, items);
}

function pushList(machine: Machine, items: Value[]): void {
  machine.nest(items, items);
  machine.push(items);
}

function append(machine: Machine, items: readonly Value[]): void {
  const list = machine.top();
  if (Array.isArray(list)) {
    machine.nest(list, items);
    for (const item of items) list.push(item);
  } else if (!isObject(list)) throw invalidPickle('it appends to what is no list');
}

function toMap(items: readonly Value[], map = new Map<Value, Value>()): Map<Value, Value> {
  if (items.length % 2 !== 0) throw invalidPickle('a dictionary has a key without a value');
  for (let index = 0; index < items.length; index += 2) map.set(items[index] ?? null, items[index + 1] ?? null);
  return map;
}

function setItems(machine: Machine, items: readonly Value[]): void {
  const target = machine.top();
  // Objects of classes that extend dict (Bunch) keep their items where attributes are.
  const map = isObject(target) ? target.attributes : target;
  if (!(map instanceof Map)) throw invalidPickle('it sets an item of what is no dictionary');
  machine.nest(target as object, items);
  toMap(items, map);
}

function addItems(machine: Machine, items: readonly Value[]): void {
  const set = machine.top();
  if (!(set instanceof Set)) throw invalidPickle('it adds to what is no set');
  machine.nest(set, items);
  for (const item of items) set.add(item);
}

function pushNested<T extends Map<Value, Value> | Set<Value>>(machine: Machine, container: T, items: Value[]): void {
  machine.nest(container, items);
  machine.push(container);
}

/** Lists, tuples, dictionaries and sets. */
export const containerOperations: Operations = {
  ']': (machine) => pushList(machine, []),
  l: (machine) => pushList(machine, machine.popToMark()),
  a: (machine) => append(machine, [machine.pop()]),
  e: (machine) => append(machine, machine.popToMark()),
  ')': (machine) => pushList(machine, []),
  t: (machine) => pushList(machine, machine.popToMark()),
  '\x85': (machine) => pushTuple(machine, 1),
  '\x86': (machine) => pushTuple(machine, 2),
  '\x87': (machine) => pushTuple(machine, 3),
  '}': (machine) => pushNested(machine, new Map<Value, Value>(), []),
  d(machine) {
    const items = machine.popToMark();
    pushNested(machine, toMap(items), items);
  },
  s(machine) {
    const value = machine.pop();
    setItems(machine, [machine.pop(), value]);
  },
  u: (machine) => setItems(machine, machine.popToMark()),
  '\x8f': (machine) => pushNested(machine, new Set<Value>(), []),
  '\x90': (machine) => addItems(machine, machine.popToMark()),
  '\x91'(machine) {
    const items = machine.popToMark();
    pushNested(machine, new Set(items), items);
  },
};
