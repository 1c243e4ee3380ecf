import type { InferenceDatatype } from '@vindima/contracts';

export type NumericArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** Elements of a tensor, row by row. BOOL is bytes of 0 and 1, BYTES is texts. */
export type TensorData = NumericArray | readonly string[];

export interface Tensor {
  readonly datatype: InferenceDatatype;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** Tensors by the names of a model's inputs or outputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** @returns how many elements a tensor of these sizes has. */
export const countElements = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);

/** @returns elements of one row: of one step along the first dimension. */
export const elementsPerRow = (dims: readonly number[]): number => countElements(dims.slice(1));
