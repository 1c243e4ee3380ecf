import type { DecodeLimits } from './decode/budget.ts';
import { decodeModel } from './decode/model.ts';
import type { Attribute, Graph, Node, Tensor, ValueInfo } from './model.ts';

/** What can be told of a model without running it. */
export interface ModelDescription {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly irVersion: number;
  readonly producer: { readonly name: string; readonly version: string };
  readonly description: string;
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Operators in use, sorted; those of other domains as `domain:Operator`. Subgraphs and functions included. */
  readonly operators: readonly string[];
  /** Files beside the model that its tensors refer to, as the model writes them: never open them unchecked. */
  readonly externalData: readonly string[];
}

/**
 * Describes an ONNX file that may be hostile: its signature, operators and references to other files.
 *
 * @throws ServiceError 422, as {@link decodeModel}.
 */
export function inspectModel(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): ModelDescription {
  const model = decodeModel(bytes, limits);
  const operators = new Set<string>();
  const externalData = new Set<string>();
  visitGraph(model.graph);
  for (const definition of model.functions) {
    definition.nodes.forEach(visitNode);
    Object.values(definition.defaults).forEach(visitAttribute);
  }
  // Before version 4 of the format, weights had to be listed as inputs too.
  const constants = new Set(model.graph.initializers.map((tensor) => tensor.name));
  return {
    inputs: model.graph.inputs.filter((input) => !constants.has(input.name)),
    outputs: model.graph.outputs,
    irVersion: model.irVersion,
    producer: { name: model.producerName, version: model.producerVersion },
    description: model.description,
    opsets: model.opsets,
    metadata: model.metadata,
    operators: [...operators].sort(),
    externalData: [...externalData].sort(),
  };

  function visitGraph(graph: Graph): void {
    graph.initializers.forEach(visitTensor);
    graph.nodes.forEach(visitNode);
  }

  function visitNode(node: Node): void {
    operators.add(node.domain === '' ? node.operator : `${node.domain}:${node.operator}`);
    Object.values(node.attributes).forEach(visitAttribute);
  }

  function visitAttribute(attribute: Attribute): void {
    if (attribute.kind === 'tensor') visitTensor(attribute.value);
    else if (attribute.kind === 'tensors') attribute.value.forEach(visitTensor);
    else if (attribute.kind === 'graph') visitGraph(attribute.value);
    else if (attribute.kind === 'graphs') attribute.value.forEach(visitGraph);
  }

  function visitTensor(tensor: Tensor): void {
    if (tensor.content.kind === 'external') externalData.add(tensor.content.location);
  }
}
