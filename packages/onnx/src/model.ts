import type { ElementType } from './element-types.ts';

/** One dimension of a shape: a size, the name of a symbolic size ("batch"), or null when nothing is known. */
export type Dimension = number | string | null;

/** The type of a value: a tensor, or one of ONNX's containers. A tensor's `shape` is null when its rank is unknown. */
export type ValueType =
  | {
      readonly kind: 'tensor' | 'sparse_tensor';
      readonly type: ElementType;
      readonly shape: readonly Dimension[] | null;
    }
  | { readonly kind: 'sequence' | 'optional'; readonly element: ValueType }
  | { readonly kind: 'map'; readonly key: ElementType; readonly value: ValueType }
  | { readonly kind: 'unknown' };

export interface ValueInfo {
  readonly name: string;
  readonly type: ValueType;
}

/**
 * Where a tensor's elements are.
 * `raw`: little-endian, one after the other; `varint`: protobuf's packed integers (what `int32_data` holds);
 * both are views into the decoded file, so a model's weights exist once. `external`: in another file (`details` has
 * what else is said of it: offset, length, checksum).
 */
export type TensorContent =
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }
  | { readonly kind: 'varint'; readonly bytes: Uint8Array }
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  | { readonly kind: 'external'; readonly location: string; readonly details: Readonly<Record<string, string>> };

export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly content: TensorContent;
}

export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'graph'; readonly value: Graph }
  | { readonly kind: 'floats'; readonly value: Float32Array }
  | { readonly kind: 'ints'; readonly value: BigInt64Array }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensors'; readonly value: readonly Tensor[] }
  | { readonly kind: 'graphs'; readonly value: readonly Graph[] }
  | { readonly kind: 'other' };

export interface Node {
  readonly name: string;
  readonly operator: string;
  /** '' is ONNX's own set of operators, 'ai.onnx.ml' that of classical machine learning. */
  readonly domain: string;
  /** Names of values; '' is an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: readonly Tensor[];
  readonly nodes: readonly Node[];
}

export interface Model {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly description: string;
  /** Domain of operators to its version. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: Graph;
  /** Operators that the model defines itself. */
  readonly functions: readonly ModelFunction[];
}

export interface ModelFunction {
  readonly name: string;
  readonly domain: string;
  readonly nodes: readonly Node[];
  /** Attributes that have a default. */
  readonly defaults: Readonly<Record<string, Attribute>>;
}
