import { expect, test } from 'vitest';
import {
  attribute,
  createGraphBuilder,
  decodeModel,
  encodeModel,
  type Model,
  readTensorValues,
  tensor,
} from '../src/index.ts';

function buildModel(): Model {
  const graph = createGraphBuilder('everything');
  const x = graph.input('x', 'float32', ['batch', 3, null]);
  const weights = graph.initializer(tensor.float64([Number.NaN, -0, Number.MIN_VALUE]), 'weights');
  graph.initializer(tensor.int64([2n ** 63n - 1n, -(2n ** 63n)]), 'extremes');
  graph.initializer(tensor.string(['', 'é']), 'words');
  graph.nodes('Custom', [x, '', weights], {
    domain: 'org.example',
    outputs: ['a', '', 'b'],
    attributes: {
      float: attribute.float(0.25),
      int: attribute.int(-1),
      string: attribute.string('ß'),
      tensor: attribute.tensor(tensor.bool([true, false], [2, 1])),
      floats: attribute.floats([1, -2.5]),
      ints: attribute.ints([0, -1, 2 ** 40]),
      strings: attribute.strings(['', 'x']),
    },
  });
  graph.output('a', {
    kind: 'sequence',
    element: { kind: 'map', key: 'int64', value: { kind: 'tensor', type: 'float32', shape: null } },
  });
  graph.output('b', 'int32', []);
  return {
    irVersion: 10,
    producerName: 'tests',
    producerVersion: '1',
    description: 'All that a model can hold',
    opsets: { '': 21, 'org.example': 1 },
    metadata: { origin: 'test', empty: '' },
    graph: graph.build(),
    functions: [],
  };
}

test('decoding gives back what was encoded', () => {
  const model = buildModel();
  expect(decodeModel(encodeModel(model))).toEqual(model);
});

test('weights are views into the file, not copies', () => {
  const bytes = encodeModel(buildModel());
  const [weights] = decodeModel(bytes).graph.initializers;
  if (weights?.content.kind !== 'raw') throw new Error('expected raw content');
  expect(weights.content.bytes.buffer).toBe(bytes.buffer);
  expect(readTensorValues(weights)).toEqual([Number.NaN, -0, Number.MIN_VALUE]);
});

test('references to other files keep all they say', () => {
  const model = buildModel();
  const outside = {
    name: 'outside',
    type: 'float32',
    dims: [4],
    content: { kind: 'external', location: 'weights.bin', details: { offset: '16', length: '16' } },
  } as const;
  const graph = { ...model.graph, initializers: [outside] };
  expect(decodeModel(encodeModel({ ...model, graph })).graph.initializers).toEqual([outside]);
});
