import { type Static, Type } from 'typebox';
import { normalizeTag } from '../tag-text.ts';

/** `7`, `"7-24"`, or a label as the model has it. */
export const ClassReference = Type.Union([Type.Integer({ minimum: 0 }), Type.String({ minLength: 1, maxLength: 200 })]);
type ClassReference = Static<typeof ClassReference>;

const numbersOf = (reference: ClassReference, labels: readonly (readonly string[])[]): number[] => {
  if (typeof reference === 'number') return [reference];
  const [, first, last] = /^(\d+)-(\d+)$/.exec(reference) ?? [];
  if (first !== undefined && last !== undefined) {
    return Array.from({ length: Math.max(0, Number(last) - Number(first) + 1) }, (_, index) => Number(first) + index);
  }
  const wanted = normalizeTag(reference);
  return labels.flatMap((names, index) => (names.some((name) => normalizeTag(name) === wanted) ? [index] : []));
};

/**
 * The classes that every name stands for: those labelled so, and those of its group.
 * @throws Error for a reference to a class that the model does not have
 */
export const classesByName = (
  labels: readonly (readonly string[])[],
  groups: Readonly<Record<string, readonly ClassReference[]>>,
  ignored: ReadonlySet<number>,
): ReadonlyMap<string, readonly number[]> => {
  const classes = new Map<string, Set<number>>();
  const add = (name: string, index: number) => {
    const text = normalizeTag(name);
    if (text === '' || ignored.has(index)) return;
    classes.set(text, (classes.get(text) ?? new Set()).add(index));
  };
  for (const [index, names] of labels.entries()) for (const name of names) add(name, index);
  for (const [group, references] of Object.entries(groups)) {
    for (const reference of references) {
      const found = numbersOf(reference, labels);
      if (found.length === 0 || found.some((index) => index >= labels.length)) {
        throw new Error(`The group ${group} names ${reference}, which is no class of the model.`);
      }
      for (const index of found) add(group, index);
    }
  }
  return new Map([...classes].map(([name, indices]) => [name, [...indices]]));
};
