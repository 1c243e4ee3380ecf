import { attributeKindNumber } from '../attribute-kinds.ts';
import type { Attribute, Graph, ModelFunction, Node } from '../model.ts';
import { writeTensor } from './tensor.ts';
import { writeValueInfo } from './value-info.ts';
import type { MessageWriter } from './writer.ts';

/** Writes `GraphProto`. */
export function writeGraph(writer: MessageWriter, graph: Graph): void {
  for (const node of graph.nodes) writer.message(1, (nested) => writeNode(nested, node));
  writer.text(2, graph.name);
  for (const tensor of graph.initializers) writer.message(5, (nested) => writeTensor(nested, tensor));
  for (const value of graph.inputs) writer.message(11, (nested) => writeValueInfo(nested, value));
  for (const value of graph.outputs) writer.message(12, (nested) => writeValueInfo(nested, value));
}

/** Writes `FunctionProto`. */
export function writeFunction(writer: MessageWriter, definition: ModelFunction): void {
  writer.text(1, definition.name);
  for (const node of definition.nodes) writer.message(7, (nested) => writeNode(nested, node));
  writer.text(10, definition.domain);
  for (const [name, attribute] of Object.entries(definition.defaults)) {
    writer.message(11, (nested) => writeAttribute(nested, name, attribute));
  }
}

function writeNode(writer: MessageWriter, node: Node): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, node.name);
  writer.text(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    writer.message(5, (nested) => writeAttribute(nested, name, attribute));
  }
  if (node.domain !== '') writer.text(7, node.domain);
}

function writeAttribute(writer: MessageWriter, name: string, attribute: Attribute): void {
  writer.text(1, name);
  writeAttributeValue(writer, name, attribute);
  writer.integer(20, attributeKindNumber(attribute.kind));
}

function writeAttributeValue(writer: MessageWriter, name: string, attribute: Attribute): void {
  if (attribute.kind === 'float') writer.float(2, attribute.value);
  else if (attribute.kind === 'int') writer.integer(3, attribute.value);
  else if (attribute.kind === 'string') writer.text(4, attribute.value);
  else if (attribute.kind === 'tensor') writer.message(5, (nested) => writeTensor(nested, attribute.value));
  else if (attribute.kind === 'graph') writer.message(6, (nested) => writeGraph(nested, attribute.value));
  else if (attribute.kind === 'floats') writer.floats(7, attribute.value);
  else if (attribute.kind === 'ints') writer.integers(8, attribute.value);
  else if (attribute.kind === 'strings') for (const item of attribute.value) writer.text(9, item);
  else if (attribute.kind === 'tensors')
    for (const item of attribute.value) writer.message(10, (nested) => writeTensor(nested, item));
  else if (attribute.kind === 'graphs')
    for (const item of attribute.value) writer.message(11, (nested) => writeGraph(nested, item));
  else throw new TypeError(`The attribute "${name}" was decoded without its value and cannot be written.`);
}
