import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/**
 * A TensorFlow.js graph model: `model.json` (a TensorFlow GraphDef as JSON and a list of weights) with its weights file.
 * Format: https://www.tensorflow.org/js/guide/save_load and tensorflow/core/framework/graph.proto.
 */

const Attribute = Type.Object({
  i: Type.Optional(Type.Union([Type.String(), Type.Number()])),
  b: Type.Optional(Type.Boolean()),
  /** Base64. */
  s: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
  list: Type.Optional(
    Type.Object({
      i: Type.Optional(Type.Array(Type.Union([Type.String(), Type.Number()]))),
      s: Type.Optional(Type.Array(Type.String())),
    }),
  ),
});

const GraphNode = Type.Object({
  name: Type.String(),
  op: Type.String(),
  input: Type.Optional(Type.Array(Type.String())),
  attr: Type.Optional(Type.Record(Type.String(), Attribute)),
});
export type GraphNode = Static<typeof GraphNode>;

const WeightEntry = Type.Object({
  name: Type.String(),
  shape: Type.Array(Type.Integer({ minimum: 0 })),
  dtype: Type.String(),
  quantization: Type.Optional(Type.Object({ dtype: Type.String() })),
});
type WeightEntry = Static<typeof WeightEntry>;

const GraphModelFile = Type.Object({
  modelTopology: Type.Object({ node: Type.Array(GraphNode) }),
  weightsManifest: Type.Array(Type.Object({ weights: Type.Array(WeightEntry) })),
});

/** A constant of the graph, widened to the type that the computation uses. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export interface Graph {
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
  readonly weights: ReadonlyMap<string, Weight>;
}

/** Copies, because a weight may begin at an odd offset that a typed array cannot view. */
const bytesAt = (file: Uint8Array, offset: number, length: number): ArrayBuffer => {
  if (offset + length > file.byteLength) throw new Error('The weights file is shorter than its manifest says.');
  return new Uint8Array(file.subarray(offset, offset + length)).buffer;
};

const decodeWeight = (entry: WeightEntry, file: Uint8Array, offset: number): { weight: Weight; bytes: number } => {
  const count = entry.shape.reduce((product, size) => product * size, 1);
  const stored = entry.quantization?.dtype ?? entry.dtype;
  if (stored === 'float16') {
    const data = Float32Array.from(new Float16Array(bytesAt(file, offset, count * 2)));
    return { weight: { shape: entry.shape, data }, bytes: count * 2 };
  }
  if (stored === 'float32') {
    return {
      weight: { shape: entry.shape, data: new Float32Array(bytesAt(file, offset, count * 4)) },
      bytes: count * 4,
    };
  }
  if (stored === 'int32') {
    return { weight: { shape: entry.shape, data: new Int32Array(bytesAt(file, offset, count * 4)) }, bytes: count * 4 };
  }
  throw new Error(`The weight ${entry.name} is stored as ${stored}, which the conversion does not know.`);
};

/** Kahn's order by depth-first search: TensorFlow.js files need not list a node behind its inputs. */
const inTopologicalOrder = (nodes: readonly GraphNode[]): GraphNode[] => {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const ordered = new Set<GraphNode>();
  const visit = (node: GraphNode): void => {
    if (ordered.has(node)) return;
    for (const input of node.input ?? []) {
      const source = byName.get(tensorSource(input).node);
      if (source === undefined) throw new Error(`The node ${node.name} reads ${input}, which the graph does not have.`);
      visit(source);
    }
    ordered.add(node);
  };
  for (const node of nodes) visit(node);
  return [...ordered];
};

/** `name` is a node's first output, `name:1` its second. */
export const tensorSource = (input: string): { node: string; output: number } => {
  const [node = '', output] = input.split(':');
  return { node, output: output === undefined ? 0 : Number(output) };
};

/**
 * Reads a graph model. float16 weights are widened to float32: what TensorFlow.js computes with.
 * @throws Error when the files do not have the format or do not fit each other.
 */
export const readGraph = (modelJson: string, weightsFile: Uint8Array): Graph => {
  const file: unknown = JSON.parse(modelJson);
  if (!Value.Check(GraphModelFile, file)) throw new Error('This is not a TensorFlow.js graph model.');
  const weights = new Map<string, Weight>();
  let offset = 0;
  for (const entry of file.weightsManifest.flatMap((group) => group.weights)) {
    const { weight, bytes } = decodeWeight(entry, weightsFile, offset);
    weights.set(entry.name, weight);
    offset += bytes;
  }
  return { nodes: inTopologicalOrder(file.modelTopology.node), weights };
};
