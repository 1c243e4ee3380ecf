import type { Attribute, Graph, Tensor } from './model.ts';

/** Makes attributes of nodes: JavaScript's numbers do not say whether `1` is meant as an integer or a float. */
export const attribute = {
  float: (value: number): Attribute => ({ kind: 'float', value }),
  int: (value: number | bigint): Attribute => ({ kind: 'int', value: BigInt(value) }),
  string: (value: string): Attribute => ({ kind: 'string', value }),
  tensor: (value: Tensor): Attribute => ({ kind: 'tensor', value }),
  graph: (value: Graph): Attribute => ({ kind: 'graph', value }),
  floats: (values: Iterable<number>): Attribute => ({ kind: 'floats', value: Float32Array.from(values) }),
  ints: (values: Iterable<number | bigint>): Attribute => ({ kind: 'ints', value: BigInt64Array.from(values, BigInt) }),
  strings: (value: readonly string[]): Attribute => ({ kind: 'strings', value }),
} as const;
