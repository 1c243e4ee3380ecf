import type { InferenceDatatype, InferenceTensor } from '@vindima/contracts';
import { allocate, datatypes, type Element, setElement } from '../tensors/datatypes.ts';
import { countElements, type Tensor, type Tensors } from '../tensors/tensor.ts';

/** How made-up values look. */
export interface Fill {
  /** Largest number, in size. */
  readonly scale: number;
  /** No values below 0. */
  readonly positive?: boolean;
  /** The same everywhere. */
  readonly constant?: number;
}

/**
 * Ones first: a zero may be divided by, and a look-up in a table knows it mostly. Then small and large numbers of both signs, as an
 * average over rows shows only beside others.
 */
export const fills: readonly Fill[] = [
  { scale: 1, constant: 1 },
  { scale: 1, constant: 0 },
  { scale: 1, positive: true },
  { scale: 3 },
  { scale: 0.01 },
  { scale: 300 },
];

/** Rows of made-up values for every input of a model, the same ones for the same seed. `width` is that of a single input that has none. */
export const makeRows = (
  inputs: readonly InferenceTensor[],
  rows: number,
  width: number,
  fill: Fill,
  seed = 1,
): Tensors => {
  const random = randomFrom(seed);
  return Object.fromEntries(
    inputs.map(({ name, datatype, shape }) => {
      const dims = shape.map((size, axis) => (axis === 0 ? rows : size >= 0 ? size : inputs.length === 1 ? width : 1));
      const data = allocate(datatype, countElements(dims));
      for (let index = 0; index < data.length; index++) setElement(data, index, elementOf(datatype, fill, random));
      return [name, { datatype, dims, data } satisfies Tensor];
    }),
  );
};

const elementOf = (datatype: InferenceDatatype, { scale, positive, constant }: Fill, random: () => number): Element => {
  const { kind, range } = datatypes[datatype];
  const drawn = constant ?? (positive === true ? random() : 2 * random() - 1) * scale;
  if (kind === 'float') return drawn;
  if (kind === 'bool') return drawn > 0 ? 1 : 0;
  if (kind === 'text') return String(constant ?? Math.round(drawn));
  const least = Number(range?.[0] ?? 0n);
  // Whole numbers from 1: a zero may be divided by.
  const whole = constant ?? 1 + Math.floor(Math.abs(drawn) % 100);
  const signed = drawn < 0 && least < 0 ? -whole : whole;
  return kind === 'bigint' ? BigInt(signed) : signed;
};

/** Numbers from 0 to 1 that are the same every time (mulberry32). */
const randomFrom = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
