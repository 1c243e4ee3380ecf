import type { Attribute, Graph, ModelFunction, Node, Tensor, ValueInfo } from '../model.ts';
import { readAttribute } from './attribute.ts';
import { unsupportedSparse } from './budget.ts';
import { readFields, type Scope } from './scope.ts';
import { readTensor } from './tensor.ts';
import { readValueInfo } from './value-info.ts';

/** Reads `GraphProto`. */
export function readGraph(scope: Scope): Graph {
  let name = '';
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers: Tensor[] = [];
  const nodes: Node[] = [];
  readFields(scope, (field) => {
    if (field.number === 1) nodes.push(readNode(field.message()));
    else if (field.number === 2) name = field.text();
    else if (field.number === 5) initializers.push(readTensor(field.message()));
    else if (field.number === 11) inputs.push(readValueInfo(field.message()));
    else if (field.number === 12) outputs.push(readValueInfo(field.message()));
    else if (field.number === 15) throw unsupportedSparse();
  });
  return { name, inputs, outputs, initializers, nodes };
}

/** Reads `NodeProto`. */
function readNode(scope: Scope): Node {
  let name = '';
  let operator = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  readFields(scope, (field) => {
    if (field.number === 1) inputs.push(field.text());
    else if (field.number === 2) outputs.push(field.text());
    else if (field.number === 3) name = field.text();
    else if (field.number === 4) operator = field.text();
    else if (field.number === 5) attributes.set(...readAttribute(field.message(), readGraph));
    else if (field.number === 7) domain = field.text();
  });
  const known = domain === 'ai.onnx' ? '' : domain;
  return { name, operator, domain: known, inputs, outputs, attributes: Object.fromEntries(attributes) };
}

/** Reads `FunctionProto`: an operator that the model defines itself. */
export function readFunction(scope: Scope): ModelFunction {
  let name = '';
  let domain = '';
  const defaults = new Map<string, Attribute>();
  const nodes: Node[] = [];
  readFields(scope, (field) => {
    if (field.number === 1) name = field.text();
    else if (field.number === 7) nodes.push(readNode(field.message()));
    else if (field.number === 10) domain = field.text();
    else if (field.number === 11) defaults.set(...readAttribute(field.message(), readGraph));
  });
  return { name, domain, nodes, defaults: Object.fromEntries(defaults) };
}
