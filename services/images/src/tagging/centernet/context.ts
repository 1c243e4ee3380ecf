import type { GraphNode, Weight } from './graph.ts';

/** An attribute of an ONNX node: an integer, several, or a string; the conversion needs no others. */
export type OnnxAttribute = number | readonly number[] | string;

/** Where the converted graph is written to; every value has a name. */
export interface OnnxSink {
  /** Adds a node. @returns the names of its outputs. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    outputs?: number,
  ): readonly string[];
  /** Adds an initializer. @returns its name. */
  constant(shape: readonly number[], data: Float32Array | Int32Array | BigInt64Array): string;
}

/**
 * A value of the graph while it is converted. TensorFlow keeps pictures as NHWC, ONNX convolutions want NCHW: a value that stands for
 * a picture is carried as NCHW (`channelsFirst`) from one convolution to the next, and turned back only where its shape is taken apart.
 */
export interface ConvertedValue {
  readonly name: string;
  readonly channelsFirst: boolean;
  /** Known at conversion time. */
  readonly constant?: Weight;
}

export interface OperatorInput {
  readonly node: GraphNode;
  readonly inputs: readonly ConvertedValue[];
  readonly sink: OnnxSink;
}

/** Turns one TensorFlow node into ONNX nodes. @returns its outputs in order. */
export type OperatorConverter = (input: OperatorInput) => readonly ConvertedValue[];

/** @throws Error when the node has fewer inputs. */
export const inputAt = ({ node, inputs }: OperatorInput, index: number): ConvertedValue => {
  const value = inputs[index];
  if (value === undefined) throw new Error(`${node.op} ${node.name} lacks its input ${index}.`);
  return value;
};

/** The constant that an input must be. @throws Error when it is computed. */
export const constantAt = (input: OperatorInput, index: number): Weight => {
  const { constant } = inputAt(input, index);
  if (constant === undefined)
    throw new Error(`${input.node.op} ${input.node.name} needs a constant as input ${index}.`);
  return constant;
};

/** The only element of a constant input. */
export const scalarAt = (input: OperatorInput, index: number): number => Number(constantAt(input, index).data[0]);

/** A picture back in TensorFlow's order (NHWC); anything else as it is. */
export const asTensorFlow = (sink: OnnxSink, value: ConvertedValue): string =>
  value.channelsFirst ? only(sink.node('Transpose', [value.name], { perm: [0, 2, 3, 1] })) : value.name;

/** The name of a single output. */
export const only = (names: readonly string[]): string => {
  const [name] = names;
  if (name === undefined) throw new Error('A node without an output.');
  return name;
};

export const int64Constant = (sink: OnnxSink, values: readonly number[], shape: readonly number[] = [values.length]) =>
  sink.constant(shape, BigInt64Array.from(values, BigInt));

export const integerAttribute = (node: GraphNode, name: string): number => Number(node.attr?.[name]?.i ?? 0);

export const integersAttribute = (node: GraphNode, name: string): number[] =>
  (node.attr?.[name]?.list?.i ?? []).map(Number);

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

export const stringAttribute = (node: GraphNode, name: string): string => fromBase64(node.attr?.[name]?.s ?? '');

export const stringsAttribute = (node: GraphNode, name: string): string[] =>
  (node.attr?.[name]?.list?.s ?? []).map(fromBase64);
