import type { Attribute } from './model.ts';

/** Kinds of attributes in the order of their numbers in a file, from 1 (`AttributeProto.AttributeType`). */
const kinds = [
  'float',
  'int',
  'string',
  'tensor',
  'graph',
  'floats',
  'ints',
  'strings',
  'tensors',
  'graphs',
] as const satisfies readonly Attribute['kind'][];

/** @returns the kind with that number in a file. */
export function attributeKindOf(number: number): Attribute['kind'] {
  return kinds[number - 1] ?? 'other';
}

/** @returns the number that a file carries for a kind of attribute, 0 for `other`. */
export function attributeKindNumber(kind: Attribute['kind']): number {
  return kind === 'other' ? 0 : kinds.indexOf(kind) + 1;
}
