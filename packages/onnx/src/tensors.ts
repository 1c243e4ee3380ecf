import { ServiceError } from '@vindima/contracts';
import { readVarints } from './decode/packed.ts';
import { type ElementType, elementSize } from './element-types.ts';
import type { Tensor } from './model.ts';

type Numbers = ArrayLike<number> & Iterable<number>;

/** Makes a tensor without a name; a graph's `initializer` gives it one. `dims` defaults to one dimension. */
export const tensor = {
  float32: (values: Numbers, dims?: readonly number[]) =>
    raw('float32', Float32Array.from(values), values.length, dims),
  float64: (values: Numbers, dims?: readonly number[]) =>
    raw('float64', Float64Array.from(values), values.length, dims),
  int32: (values: Numbers, dims?: readonly number[]) => raw('int32', Int32Array.from(values), values.length, dims),
  int64: (values: readonly (number | bigint)[] | BigInt64Array, dims?: readonly number[]) =>
    raw('int64', BigInt64Array.from(values as Iterable<number | bigint>, BigInt), values.length, dims),
  uint8: (values: Numbers, dims?: readonly number[]) => raw('uint8', Uint8Array.from(values), values.length, dims),
  bool: (values: readonly boolean[], dims?: readonly number[]) =>
    raw('bool', Uint8Array.from(values, Number), values.length, dims),
  /** Half precision, given as its bit patterns. */
  float16: (bits: Numbers, dims?: readonly number[]) => raw('float16', Uint16Array.from(bits), bits.length, dims),
  string(values: readonly string[], dims: readonly number[] = [values.length]): Tensor {
    check('string', values.length, dims);
    return { name: '', type: 'string', dims, content: { kind: 'strings', values } };
  },
} as const;

function raw(type: ElementType, values: ArrayBufferView, length: number, dims: readonly number[] = [length]): Tensor {
  check(type, length, dims);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name: '', type, dims, content: { kind: 'raw', bytes } };
}

function check(type: ElementType, length: number, dims: readonly number[]): void {
  const expected = countElements(dims);
  if (length !== expected) {
    throw new RangeError(`A ${type} tensor of shape [${dims.join(', ')}] has ${expected} elements, not ${length}.`);
  }
}

/** @returns how many elements a tensor of these sizes has; a scalar has one. */
export function countElements(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/**
 * Reads a tensor's elements. 64-bit integers come as bigint, strings as string, everything else as number; float16
 * and bfloat16 as their bit patterns.
 *
 * @throws ServiceError 422 `onnx.invalid_model` when the elements are in another file or do not fit the shape.
 */
export function readTensorValues(source: Tensor): readonly number[] | readonly bigint[] | readonly string[] {
  const { content, type } = source;
  const count = countElements(source.dims);
  if (content.kind === 'external') throw invalid(source, `has its elements in "${content.location}"`);
  if (content.kind === 'strings') {
    if (content.values.length !== count) throw invalid(source, 'has another number of elements than its shape says');
    return content.values;
  }
  if (content.kind === 'varint') {
    const values = readVarints(content.bytes);
    if (values.length !== count) throw invalid(source, 'has another number of elements than its shape says');
    if (type === 'int64') return [...values];
    if (type === 'uint64') return Array.from(values, (value) => BigInt.asUintN(64, value));
    return Array.from(values, Number);
  }
  const size = elementSize(type);
  const read = readers[type];
  if (read === undefined || size === 0) throw invalid(source, `has elements of type ${type}, which are not read`);
  if (content.bytes.length !== count * size)
    throw invalid(source, 'has another number of elements than its shape says');
  const view = new DataView(content.bytes.buffer, content.bytes.byteOffset, content.bytes.byteLength);
  return Array.from({ length: count }, (_, index) => read(view, index * size)) as number[] | bigint[];
}

const readers: Partial<Record<ElementType, (view: DataView, offset: number) => number | bigint>> = {
  float32: (view, offset) => view.getFloat32(offset, true),
  float64: (view, offset) => view.getFloat64(offset, true),
  int8: (view, offset) => view.getInt8(offset),
  uint8: (view, offset) => view.getUint8(offset),
  bool: (view, offset) => view.getUint8(offset),
  int16: (view, offset) => view.getInt16(offset, true),
  uint16: (view, offset) => view.getUint16(offset, true),
  float16: (view, offset) => view.getUint16(offset, true),
  bfloat16: (view, offset) => view.getUint16(offset, true),
  int32: (view, offset) => view.getInt32(offset, true),
  uint32: (view, offset) => view.getUint32(offset, true),
  int64: (view, offset) => view.getBigInt64(offset, true),
  uint64: (view, offset) => view.getBigUint64(offset, true),
};

function invalid(source: Tensor, reason: string): ServiceError {
  return new ServiceError(422, 'onnx.invalid_model', `The tensor "${source.name}" ${reason}.`);
}
