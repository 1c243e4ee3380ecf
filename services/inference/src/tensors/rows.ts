import { allocate } from './datatypes.ts';
import { elementsPerRow, type NumericArray, type Tensor, type TensorData, type Tensors } from './tensor.ts';

/** Some rows of tensors that may have more: those from `start` on. */
export interface RowRange {
  readonly tensors: Tensors;
  readonly start: number;
  readonly rows: number;
  /** Nobody else's rows are there. */
  readonly alone: boolean;
}

/** Puts tensors behind each other along their first dimension. All have the same element type and further sizes. */
export const concatenate = (tensors: readonly Tensor[]): Tensor => {
  const [first] = tensors;
  if (first === undefined) throw new Error('there is nothing to concatenate');
  if (tensors.length === 1) return first;
  const rows = tensors.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
  const dims = [rows, ...first.dims.slice(1)];
  if (Array.isArray(first.data)) {
    return { datatype: first.datatype, dims, data: tensors.flatMap(({ data }) => data as readonly string[]) };
  }
  const data = allocate(first.datatype, rows * elementsPerRow(dims)) as Float64Array;
  let offset = 0;
  for (const tensor of tensors) {
    data.set(tensor.data as Float64Array, offset);
    offset += tensor.data.length;
  }
  return { datatype: first.datatype, dims, data };
};

/** Tensors of the same names behind each other. */
export const concatenateAll = (items: readonly Tensors[]): Tensors =>
  Object.fromEntries(
    Object.keys(items[0] ?? {}).map((name) => [
      name,
      concatenate(items.flatMap((item) => (item[name] === undefined ? [] : [item[name]]))),
    ]),
  );

/** @returns `count` rows from `start` on. */
export const takeRows = (tensors: Tensors, start: number, count: number): Tensors => {
  const taken: Record<string, Tensor> = {};
  for (const [name, { datatype, dims, data }] of Object.entries(tensors)) {
    const width = elementsPerRow(dims);
    const from = start * width;
    const to = from + count * width;
    taken[name] = { datatype, dims: [count, ...dims.slice(1)], data: slice(data, from, to) };
  }
  return taken;
};

const slice = (data: TensorData, from: number, to: number): TensorData =>
  Array.isArray(data) ? data.slice(from, to) : (data as NumericArray).slice(from, to);
