import { type Attribute, type Model, type Node, readTensorValues, type Tensor } from '@vindima/onnx';
import { constantOf, type Flow, mixed, rowsAlong, type Size } from './flow.ts';
import { known } from './rules/axes.ts';
import { intOf } from './rules/rule.ts';
import { rules } from './rules/table.ts';

/** Longest list of integers that is looked at as sizes or axes. */
const maximumItems = 64;

/**
 * Follows the first axis of all inputs, taken for rows, through a graph.
 *
 * @returns by output, whether its first axis is the same rows, each made of its own row of the inputs alone
 */
export const followRows = ({ graph, opsets }: Model): ReadonlyMap<string, boolean> => {
  const opset = opsets[''] ?? opsets['ai.onnx'] ?? 1;
  const flows = new Map<string, Flow>(graph.initializers.map((tensor) => [tensor.name, flowOf(tensor)]));
  for (const { name, type } of graph.inputs) {
    if (flows.has(name)) continue;
    const shape = type.kind === 'tensor' ? type.shape : null;
    const sizes = shape?.map((size): Size => (typeof size === 'number' ? size : null));
    flows.set(name, sizes === undefined || sizes.length === 0 ? mixed : rowsAlong(0, ['rows', ...sizes.slice(1)]));
  }
  for (const node of graph.nodes) {
    const made = flowsOf(node, flows, opset);
    for (const [index, name] of node.outputs.entries()) flows.set(name, made[index] ?? mixed);
  }
  return new Map(
    graph.outputs.map(({ name }) => {
      const flow = flows.get(name);
      return [name, flow?.kind === 'rows' && flow.axis === 0];
    }),
  );
};

const flowsOf = (node: Node, flows: ReadonlyMap<string, Flow>, opset: number): readonly Flow[] => {
  const all = (flow: Flow) => node.outputs.map(() => flow);
  const inputs = node.inputs.map((name) => (name === '' ? undefined : (flows.get(name) ?? mixed)));
  const domain = node.domain === '' || node.domain === 'ai.onnx' ? '' : `${node.domain}:`;
  if (domain === '' && node.operator === 'Constant') return all(constantFlow(node.attributes));
  if (domain === '' && node.operator === 'Shape') return all(shapeOf(node, inputs[0]));
  const rule = rules.get(domain + node.operator);
  if (rule === undefined) return all(mixed);
  const made = rule(node, inputs, opset);
  return 'kind' in made ? all(made) : node.outputs.map((_, index) => made[index] ?? mixed);
};

const shapeOf = (node: Node, input: Flow | undefined): Flow => {
  if (input === undefined || input.kind === 'mixed' || input.dims === null) return { kind: 'size', dims: null };
  const end = intOf(node, 'end', input.dims.length);
  return known('size', input.dims.slice(intOf(node, 'start', 0), end));
};

const flowOf = (tensor: Tensor): Flow => constantOf(tensor.dims, itemsOf(tensor));

/** Elements of a short list of integers. */
const itemsOf = (tensor: Tensor): readonly number[] | undefined => {
  if (!/^(int64|int32|bool)$/.test(tensor.type) || tensor.dims.length > 1 || (tensor.dims[0] ?? 1) > maximumItems) {
    return undefined;
  }
  return Array.from(readTensorValues(tensor) as Iterable<number | bigint>, Number);
};

const constantFlow = (attributes: Readonly<Record<string, Attribute>>): Flow => {
  for (const found of Object.values(attributes)) {
    if (found.kind === 'tensor') return flowOf(found.value);
    if (found.kind === 'int') return constantOf([], [Number(found.value)]);
    if (found.kind === 'ints') return constantOf([found.value.length], Array.from(found.value, Number));
    if (found.kind === 'floats' || found.kind === 'strings') return constantOf([found.value.length]);
    if (found.kind === 'float' || found.kind === 'string') return constantOf([]);
  }
  return mixed;
};
