import type { InferenceDatatype } from '@vindima/contracts';
import type { NumericArray, TensorData } from './tensor.ts';

interface NumericArrayConstructor {
  new (length: number): NumericArray;
  readonly BYTES_PER_ELEMENT: number;
}

interface Datatype {
  /** As onnxruntime's JavaScript API calls it. */
  readonly runtime: string;
  readonly array: NumericArrayConstructor | undefined;
  readonly kind: 'float' | 'integer' | 'bigint' | 'bool' | 'text';
  /** Least and greatest integer. */
  readonly range?: readonly [bigint, bigint];
}

const integers = (bits: number, signed: boolean): readonly [bigint, bigint] =>
  signed ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];

/** What is known of the element types of the Open Inference Protocol. */
export const datatypes: Readonly<Record<InferenceDatatype, Datatype>> = {
  BOOL: { runtime: 'bool', array: Uint8Array, kind: 'bool' },
  UINT8: { runtime: 'uint8', array: Uint8Array, kind: 'integer', range: integers(8, false) },
  UINT16: { runtime: 'uint16', array: Uint16Array, kind: 'integer', range: integers(16, false) },
  UINT32: { runtime: 'uint32', array: Uint32Array, kind: 'integer', range: integers(32, false) },
  UINT64: { runtime: 'uint64', array: BigUint64Array, kind: 'bigint', range: integers(64, false) },
  INT8: { runtime: 'int8', array: Int8Array, kind: 'integer', range: integers(8, true) },
  INT16: { runtime: 'int16', array: Int16Array, kind: 'integer', range: integers(16, true) },
  INT32: { runtime: 'int32', array: Int32Array, kind: 'integer', range: integers(32, true) },
  INT64: { runtime: 'int64', array: BigInt64Array, kind: 'bigint', range: integers(64, true) },
  FP16: { runtime: 'float16', array: Float16Array, kind: 'float' },
  FP32: { runtime: 'float32', array: Float32Array, kind: 'float' },
  FP64: { runtime: 'float64', array: Float64Array, kind: 'float' },
  BYTES: { runtime: 'string', array: undefined, kind: 'text' },
};

/** @returns the element type that the runtime calls so; undefined for one that the protocol does not know (4-bit integers). */
export const datatypeOfRuntime = (runtime: string): InferenceDatatype | undefined =>
  (Object.keys(datatypes) as InferenceDatatype[]).find((name) => datatypes[name].runtime === runtime);

/** Room for elements: numbers are 0, texts empty. */
export const allocate = (datatype: InferenceDatatype, length: number): TensorData => {
  const { array } = datatypes[datatype];
  return array === undefined ? new Array<string>(length).fill('') : new array(length);
};

/** Writes an element that {@link readElement} has read. */
export const setElement = (data: TensorData, index: number, value: Element): void => {
  (data as Element[])[index] = value;
};

/** What an element of a tensor is in JavaScript. */
export type Element = number | bigint | string;

/**
 * Reads one element out of JSON.
 *
 * @returns the element, or a message (as an Error) that says what was expected instead
 */
export const readElement = (datatype: InferenceDatatype, value: unknown): Element | Error => {
  const { kind, range } = datatypes[datatype];
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : new Error('must be a text');
    case 'bool':
      if (value === true || value === 1) return 1;
      return value === false || value === 0 ? 0 : new Error('must be true or false');
    case 'float':
      return readFloat(datatype, value);
    default:
      return readInteger(datatype, kind, range ?? [0n, 0n], value);
  }
};

/** Numbers that JSON does not know, as texts: a body that has them bare was read so. */
const nonFinite: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** Only such numbers come as texts: another text is no number. */
const fromText = (text: string): number | undefined =>
  nonFinite[text] ?? (/^-?\d{16,}$/.test(text) ? Number(text) : undefined);

const readFloat = (datatype: InferenceDatatype, value: unknown): number | Error => {
  if (typeof value === 'boolean') return Number(value);
  const given = typeof value === 'string' ? fromText(value) : value;
  if (typeof given !== 'number') return new Error('must be a number');
  const fits = !Number.isFinite(given) || Number.isFinite(round(datatype, given));
  return fits ? given : new Error(`must be a number that fits into ${datatype}`);
};

const round = (datatype: InferenceDatatype, value: number): number =>
  datatype === 'FP32' ? Math.fround(value) : datatype === 'FP16' ? Math.f16round(value) : value;

const readInteger = (
  datatype: InferenceDatatype,
  kind: 'integer' | 'bigint',
  [least, greatest]: readonly [bigint, bigint],
  value: unknown,
): Element | Error => {
  // A number beyond 2^53 has lost digits on its way through JSON already; a text has not.
  const exact =
    typeof value === 'boolean'
      ? BigInt(value)
      : typeof value === 'number' && Number.isSafeInteger(value)
        ? BigInt(value)
        : kind === 'bigint' && typeof value === 'string' && /^-?\d{1,20}$/.test(value)
          ? BigInt(value)
          : undefined;
  if (exact === undefined) return new Error('must be a whole number');
  if (exact < least || exact > greatest) return new Error(`must be from ${least} to ${greatest} (${datatype})`);
  return kind === 'bigint' ? exact : Number(exact);
};
