import type { Model, Node } from '@vindima/onnx';

/** Operators that run others again and again, as often as data decide. */
const repeating = new Set(['Loop', 'Scan', 'If', 'SequenceMap']);

/** Inputs that say how large the output is, by operator. */
const sizing: ReadonlyMap<string, readonly number[]> = new Map([
  ['ConstantOfShape', [0]],
  ['Expand', [1]],
  ['Reshape', [1]],
  ['Tile', [1]],
  ['Range', [0, 1, 2]],
  ['Resize', [2, 3]],
  ['Upsample', [1]],
  ['Pad', [1]],
  ['OneHot', [1]],
  ['CenterCropPad', [1]],
  ['DFT', [1]],
  ['STFT', [1, 3]],
  ['HannWindow', [0]],
  ['HammingWindow', [0]],
  ['BlackmanWindow', [0]],
  ['MelWeightMatrix', [0, 1]],
  ['AffineGrid', [1]],
  ['Col2Im', [1, 2]],
  ['MaxUnpool', [2]],
]);

const knownDomains = new Set(['', 'ai.onnx', 'ai.onnx.ml']);

/**
 * Whether the time and memory of a run follow from the sizes of its inputs alone: no loops, no sizes that data decide, and no operators
 * of which that is not known. Every size of a row must be fixed too, or a caller decides it.
 */
export const isBounded = ({ graph, functions }: Model): boolean => {
  if (functions.length > 0) return false;
  const constants = new Set(graph.initializers.map(({ name }) => name));
  /** Values that are made of what a caller sends, and not of its sizes alone. */
  const data = new Set(graph.inputs.flatMap(({ name }) => (constants.has(name) ? [] : [name])));
  for (const { type, name } of graph.inputs) {
    if (constants.has(name)) continue;
    const shape = type.kind === 'tensor' ? type.shape : null;
    if (shape === null || shape.slice(1).some((size) => typeof size !== 'number')) return false;
  }
  for (const node of graph.nodes) {
    if (!knownDomains.has(node.domain) || repeating.has(node.operator) || hasGraph(node)) return false;
    const decides = sizing.get(node.operator)?.some((place) => data.has(node.inputs[place] ?? '')) === true;
    if (decides) return false;
    if (node.operator === 'Shape' || node.operator === 'Size') continue;
    if (node.inputs.some((name) => data.has(name))) for (const name of node.outputs) data.add(name);
  }
  return true;
};

const hasGraph = ({ attributes }: Node): boolean =>
  Object.values(attributes).some(({ kind }) => kind === 'graph' || kind === 'graphs');
