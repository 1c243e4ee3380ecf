import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { ServiceError } from '@vindima/contracts';
import { expect, test } from 'vitest';
import { attribute, createGraphBuilder, decodeModel, encodeModel, inspectModel, tensor } from '../src/index.ts';

function smallModel(): Uint8Array {
  const graph = createGraphBuilder('small');
  const x = graph.input('x', 'float32', ['batch', 2]);
  const sum = graph.node('Add', [x, graph.initializer(tensor.float32([1, 2]))]);
  graph.output(graph.node('Softmax', [sum], { axis: attribute.int(1) }), 'float32', ['batch', 2]);
  return encodeModel({ graph: graph.build(), opsets: { '': 21 }, metadata: { key: 'value' } });
}

/** @returns the error's code, 'read' when there is none; any other error than ours fails the test. */
function outcome(bytes: Uint8Array, limits = {}): string {
  try {
    inspectModel(bytes, limits);
    return 'read';
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
}

/** Bytes of `message` as field `number` of another message. */
function nest(number: number, message: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(message).finish();
}

test('nothing, text and other formats are no models', () => {
  for (const text of ['', 'a,b\n1,2\n', '{"graph": {}}', 'PK\u0003\u0004', '\u0080\u0004\u0095']) {
    expect(outcome(Buffer.from(text, 'latin1'))).toBe('onnx.invalid_model');
  }
});

test('a model cut off anywhere is refused or is the part that was there', () => {
  const bytes = smallModel();
  for (let length = 0; length < bytes.length; length += 1) {
    expect(outcome(bytes.subarray(0, length))).toBeOneOf(['onnx.invalid_model', 'read']);
  }
});

test('changed bytes never break the reader', () => {
  const original = smallModel();
  let state = 20_240_701;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Uint8Array.from(original);
    for (let change = 0; change <= round % 4; change += 1) bytes[random(bytes.length)] = random(256);
    expect(outcome(bytes)).toMatch(/^(read|onnx\.\w+)$/);
  }
});

test('a length beyond the end of the file is refused', () => {
  expect(outcome(Uint8Array.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x07]))).toBe('onnx.invalid_model');
});

test('graphs within graphs without end are refused', () => {
  // AttributeProto.g, NodeProto.attribute, GraphProto.node, and so on; the graph of the model around it.
  let graph: Uint8Array = new Uint8Array();
  for (let level = 0; level < 1_000; level += 1) graph = nest(1, nest(5, nest(6, graph)));
  expect(outcome(nest(7, graph))).toBe('onnx.limit_exceeded');
  // TypeProto: sequences of sequences.
  let type: Uint8Array = new Uint8Array();
  for (let level = 0; level < 1_000; level += 1) type = nest(4, nest(1, type));
  expect(outcome(nest(7, nest(11, nest(2, type))))).toBe('onnx.limit_exceeded');
  // Groups, which no ONNX file has, are skipped without recursion of any depth.
  expect(outcome(new Uint8Array(100_000).fill(0x4b))).toBe('onnx.invalid_model');
});

test('millions of empty parts are refused', () => {
  const emptyNodes = new Uint8Array(200_000);
  for (let index = 0; index < emptyNodes.length; index += 2) emptyNodes[index] = 0x0a;
  expect(outcome(nest(7, emptyNodes), { maxItems: 50_000 })).toBe('onnx.limit_exceeded');
});

test('a file larger than allowed is refused before it is read', () => {
  expect(outcome(smallModel(), { maxBytes: 100 })).toBe('onnx.limit_exceeded');
});

test('a second graph, which a runtime would merge into the first, is refused', () => {
  const bytes = smallModel();
  expect(outcome(Buffer.concat([bytes, nest(7, new Uint8Array())]))).toBe('onnx.invalid_model');
});

test('references to other files are told wherever they hide', () => {
  const outside = (location: string) =>
    ({ name: location, type: 'float32', dims: [1], content: { kind: 'external', location, details: {} } }) as const;
  const inner = createGraphBuilder('inner');
  inner.initializer(outside('/etc/passwd'));
  const graph = createGraphBuilder('outer');
  const condition = graph.input('condition', 'bool', [1]);
  graph.node('If', [condition], {
    then_branch: attribute.graph(inner.build()),
    else_branch: attribute.graph(inner.build()),
  });
  graph.node('Constant', [], { value: attribute.tensor(outside('../secret')) });
  const bytes = encodeModel({ graph: graph.build(), opsets: { '': 21 } });
  expect(inspectModel(bytes).externalData).toEqual(['../secret', '/etc/passwd']);
});

test('names of properties of objects are only names', () => {
  const graph = createGraphBuilder('g');
  const x = graph.input('constructor', 'float32', [1]);
  graph.output(graph.node('Relu', [x], JSON.parse('{"__proto__": {"kind": "float", "value": 1}}')), 'float32', [1]);
  const bytes = encodeModel({ graph: graph.build(), opsets: { '': 21 }, metadata: JSON.parse('{"__proto__": "x"}') });
  const model = decodeModel(bytes);
  expect(Object.keys(model.metadata)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(model.metadata)).toBe(Object.prototype);
});
