import { asTensorFlow, type ConvertedValue, type OnnxSink, type OperatorConverter, only } from './context.ts';
import { type Graph, type GraphNode, tensorSource } from './graph.ts';
import { convolutionOperators } from './operators/convolution.ts';
import { elementwiseOperators } from './operators/elementwise.ts';
import { shapeOperators } from './operators/shape.ts';

const operators = { ...convolutionOperators, ...elementwiseOperators, ...shapeOperators };

/** The nodes that `output` depends on, in topological order: the graph may compute more than is asked for. */
const neededFor = (graph: Graph, output: string): GraphNode[] => {
  const needed = new Set([output]);
  for (const node of graph.nodes.toReversed()) {
    if (needed.has(node.name)) for (const input of node.input ?? []) needed.add(tensorSource(input).node);
  }
  return graph.nodes.filter((node) => needed.has(node.name));
};

/** The graph's only input is a picture in NHWC; inside it is carried as NCHW. */
const placeholder = (sink: OnnxSink, inputName: string): ConvertedValue => ({
  name: only(sink.node('Transpose', [inputName], { perm: [0, 3, 1, 2] })),
  channelsFirst: true,
});

/** A weight is written as an initializer when a node first reads it as it is: kernels are only read rearranged. */
const constantValue = (graph: Graph, sink: OnnxSink, node: GraphNode): ConvertedValue => {
  const constant = graph.weights.get(node.name);
  if (constant === undefined) throw new Error(`The constant ${node.name} has no weights.`);
  let name: string | undefined;
  return {
    constant,
    channelsFirst: false,
    get name() {
      name ??= sink.constant(constant.shape, constant.data);
      return name;
    },
  };
};

/**
 * Writes a TensorFlow.js graph as ONNX (opset 18 or later).
 *
 * @param inputName the ONNX input, float32 in the order of the graph (NHWC)
 * @param outputName the node whose value is wanted
 * @param replacements nodes that are written in another way than their operator says, by name
 * @returns the name of the ONNX value that is the output, in TensorFlow's order of dimensions
 * @throws Error for an operator that the conversion does not know, named
 */
export const convertGraph = (
  graph: Graph,
  inputName: string,
  outputName: string,
  sink: OnnxSink,
  replacements: Readonly<Record<string, OperatorConverter>> = {},
): string => {
  const values = new Map<string, readonly ConvertedValue[]>();
  const read = (input: string): ConvertedValue => {
    const { node, output } = tensorSource(input);
    const value = values.get(node)?.[output];
    if (value === undefined) throw new Error(`The graph reads ${input}, which nothing computes.`);
    return value;
  };
  const convert = (node: GraphNode): readonly ConvertedValue[] => {
    const inputs = () => (node.input ?? []).map(read);
    const replacement = replacements[node.name];
    if (replacement !== undefined) return replacement({ node, inputs: inputs(), sink });
    if (node.op === 'Placeholder') return [placeholder(sink, inputName)];
    if (node.op === 'Const') return [constantValue(graph, sink, node)];
    const operator = operators[node.op];
    if (operator === undefined) throw new Error(`The conversion does not know the operator ${node.op}.`);
    return operator({ node, inputs: inputs(), sink });
  };
  for (const node of neededFor(graph, outputName)) values.set(node.name, convert(node));
  return asTensorFlow(sink, read(outputName));
};
