import type { Attribute, Node } from '@vindima/onnx';
import type { Flow } from '../flow.ts';

/** Says what a node makes of its inputs: one flow for all of its outputs, or one for each. An input that is left out is undefined. */
export type Rule = (
  node: Node,
  inputs: readonly (Flow | undefined)[],
  opset: number,
) => Flow | readonly (Flow | undefined)[];

export const intOf = (node: Node, name: string, otherwise: number): number => {
  const found: Attribute | undefined = node.attributes[name];
  return found?.kind === 'int' ? Number(found.value) : otherwise;
};

export const intsOf = (node: Node, name: string): readonly number[] | undefined => {
  const found: Attribute | undefined = node.attributes[name];
  return found?.kind === 'ints' ? Array.from(found.value, Number) : undefined;
};

export const textOf = (node: Node, name: string): string | undefined => {
  const found: Attribute | undefined = node.attributes[name];
  return found?.kind === 'string' ? found.value : undefined;
};
