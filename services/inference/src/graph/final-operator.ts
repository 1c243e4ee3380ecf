import type { Graph, Node } from '@vindima/onnx';
import { textOf } from './rules/rule.ts';

/**
 * What the operators at the end of a graph say of an output: shares of one, chances that have nothing to do with each other, scores of
 * classes, a class, a value; or nothing.
 */
export type FinalOperator = 'softmax' | 'sigmoid' | 'scores' | 'label' | 'value' | 'linear' | 'unknown';

/** Operators that change what numbers look like and not what they mean. */
const passing = new Set(['Identity', 'Cast', 'Squeeze', 'Unsqueeze', 'Reshape', 'Flatten', 'Dropout', 'Transpose']);
const classifiers = new Set(['TreeEnsembleClassifier', 'LinearClassifier', 'SVMClassifier']);
const regressors = new Set(['TreeEnsembleRegressor', 'LinearRegressor', 'SVMRegressor', 'TreeEnsemble']);
const choosing = new Set([
  'ArgMax',
  'ArgMin',
  'LabelEncoder',
  'ArrayFeatureExtractor',
  'Gather',
  'CategoryMapper',
  'TopK',
]);

/** Looks back from an output to the operator that gives it its meaning. */
export const finalOperator = (graph: Graph, output: string): FinalOperator => {
  const makers = new Map<string, Node>(
    graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)),
  );
  let name = output;
  for (let steps = 0; steps < graph.nodes.length; steps++) {
    const node = makers.get(name);
    if (node === undefined) return 'unknown';
    if (!passing.has(node.operator)) return meaningOf(node, name, makers);
    name = node.inputs[0] ?? '';
  }
  return 'unknown';
};

const meaningOf = (node: Node, name: string, makers: ReadonlyMap<string, Node>): FinalOperator => {
  const { operator } = node;
  if (classifiers.has(operator)) return name === node.outputs[0] ? 'label' : transformed(node);
  if (regressors.has(operator)) return 'value';
  if (choosing.has(operator)) return 'label';
  if (operator === 'Softmax') return 'softmax';
  if (operator === 'LogSoftmax') return 'scores';
  if (operator === 'Sigmoid') return 'sigmoid';
  if (operator === 'Normalizer') return textOf(node, 'norm') === 'L1' ? 'softmax' : 'unknown';
  if (operator === 'Div' && makers.get(node.inputs[1] ?? '')?.operator === 'ReduceSum') return 'softmax';
  if (operator === 'Gemm' || operator === 'MatMul') return 'linear';
  if (operator === 'Add') {
    const linear = node.inputs.some((input) => ['MatMul', 'Gemm'].includes(makers.get(input)?.operator ?? ''));
    return linear ? 'linear' : 'unknown';
  }
  return 'unknown';
};

/** Classifiers of ai.onnx.ml say what they do to their scores at the end; without it, they may be anything. */
const transformed = (node: Node): FinalOperator =>
  textOf(node, 'post_transform') === 'SOFTMAX' ? 'softmax' : 'scores';
