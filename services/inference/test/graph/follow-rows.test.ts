import { attribute, createGraphBuilder, decodeModel, encodeModel, type GraphBuilder, tensor } from '@vindima/onnx';
import { describe, expect, it } from 'vitest';
import { followRows } from '../../src/graph/follow-rows.ts';
import { isBounded } from '../../src/graph/is-bounded.ts';

/** A model of one matrix x [rows, 4], and what is made of it. */
const model = (make: (graph: GraphBuilder, x: string) => string, sizes: readonly (number | string)[] = ['rows', 4]) => {
  const graph = createGraphBuilder('m');
  const x = graph.input('x', 'float32', sizes);
  graph.output(graph.rename(make(graph, x), 'y'), 'float32', null);
  return decodeModel(encodeModel({ graph: graph.build(), opsets: { '': 17, 'ai.onnx.ml': 3 } }));
};
const keepsApart = (parts: Parameters<typeof model>) => followRows(model(...parts)).get('y');
const { int, ints } = attribute;
const weights = (graph: GraphBuilder, ...dims: number[]) =>
  graph.initializer(tensor.float32(new Array(dims.reduce((a, b) => a * b, 1)).fill(0.5), dims));
const sizes = (graph: GraphBuilder, ...values: number[]) => graph.initializer(tensor.int64(values));

describe('rows are kept apart by', () => {
  const apart: Record<string, Parameters<typeof model>> = {
    'products with weights': [(graph, x) => graph.node('MatMul', [x, weights(graph, 4, 3)])],
    Gemm: [(graph, x) => graph.node('Gemm', [x, weights(graph, 3, 4), weights(graph, 3)], { transB: int(1) })],
    'softmax over columns': [(graph, x) => graph.node('Softmax', [x], { axis: int(-1) })],
    'sums over columns': [(graph, x) => graph.node('ReduceSum', [x, sizes(graph, 1)], { keepdims: int(0) })],
    'arithmetic with a list of columns': [(graph, x) => graph.node('Add', [x, weights(graph, 4)])],
    'two transposes': [(graph, x) => graph.node('Transpose', [graph.node('Transpose', [x])])],
    'a shape with as many rows': [(graph, x) => graph.node('Reshape', [x, sizes(graph, -1, 2, 2)])],
    'a shape that is made of the number of rows': [
      (graph, x) => {
        const rows = graph.node('Gather', [graph.node('Shape', [x]), sizes(graph, 0)], { axis: int(0) });
        return graph.node('Reshape', [x, graph.node('Concat', [rows, sizes(graph, -1)], { axis: int(0) })]);
      },
    ],
    'convolutions and normalisation': [
      (graph, x) => {
        const image = graph.node('Conv', [x, weights(graph, 2, 3, 3, 3)]);
        const list = [0, 1, 2, 3].map(() => weights(graph, 2));
        return graph.node('Flatten', [graph.node('BatchNormalization', [image, ...list])]);
      },
      ['rows', 3, 8, 8],
    ],
    'a recurrent layer over sequences': [
      (graph, x) => {
        const steps = graph.node('Transpose', [x], { perm: ints([1, 0, 2]) });
        const inner = [weights(graph, 1, 20, 3), weights(graph, 1, 20, 5)];
        const [, last = ''] = graph.nodes('LSTM', [steps, ...inner], {
          attributes: { hidden_size: int(5) },
          outputs: 2,
        });
        return graph.node('Squeeze', [last, sizes(graph, 0)]);
      },
      ['rows', 6, 3],
    ],
  };
  it.each(Object.entries(apart))('%s', (_, parts) => {
    expect(keepsApart(parts)).toBe(true);
  });
});

describe('rows are mixed, or may be, by', () => {
  const together: Record<string, Parameters<typeof model>> = {
    'a scale that is taken from all of them': [
      (graph, x) => {
        const [small = '', scale = ''] = graph.nodes('DynamicQuantizeLinear', [x], { outputs: 3 });
        return graph.node('Mul', [graph.node('Cast', [small], { to: int(1) }), scale]);
      },
    ],
    'softmax over rows': [(graph, x) => graph.node('Softmax', [x], { axis: int(0) })],
    'a mean over rows': [(graph, x) => graph.node('Sub', [x, graph.node('ReduceMean', [x], { axes: ints([0]) })])],
    'a sum over everything': [(graph, x) => graph.node('Div', [x, graph.node('ReduceSum', [x])])],
    'batch normalisation in training': [
      (graph, x) => {
        const list = [0, 1, 2, 3].map(() => weights(graph, 4));
        const attributes = { training_mode: int(1) };
        const [y = ''] = graph.nodes('BatchNormalization', [x, ...list], { attributes, outputs: 3 });
        return y;
      },
    ],
    'a transpose': [(graph, x) => graph.node('Transpose', [x])],
    'a product with itself': [(graph, x) => graph.node('MatMul', [x, graph.node('Transpose', [x])])],
    'a shape of other rows': [(graph, x) => graph.node('Reshape', [x, sizes(graph, -1, 2)])],
    'sums along the rows': [(graph, x) => graph.node('CumSum', [x, graph.initializer(tensor.int64([0], []))])],
    'the number of rows': [
      (graph, x) => {
        const rows = graph.node('Gather', [graph.node('Shape', [x]), sizes(graph, 0)], { axis: int(0) });
        return graph.node('Div', [x, graph.node('Cast', [rows], { to: int(1) })]);
      },
    ],
    'an operator that is not known': [(graph, x) => graph.node('Mystery', [x], {}, 'com.example')],
  };
  it.each(Object.entries(together))('%s', (_, parts) => {
    expect(keepsApart(parts)).toBe(false);
  });
});

describe('a run is bounded by the sizes of its inputs', () => {
  it('where no data decide a size and nothing loops', () => {
    expect(isBounded(model((graph, x) => graph.node('Softmax', [x])))).toBe(true);
    expect(isBounded(model((graph, x) => graph.node('Reshape', [x, sizes(graph, -1, 2)])))).toBe(true);
    const shaped = model((graph, x) => graph.node('ConstantOfShape', [graph.node('Shape', [x])]));
    expect(isBounded(shaped)).toBe(true);
  });

  it('and not where data decide a size, the caller does, or nobody knows', () => {
    const counted = model((graph, x) => {
      const count = graph.node('Cast', [graph.node('ReduceMax', [x], { keepdims: int(0) })], { to: int(7) });
      return graph.node('ConstantOfShape', [graph.node('Reshape', [count, sizes(graph, 1)])]);
    });
    expect(isBounded(counted)).toBe(false);
    const open = ['rows', 'width'];
    expect(isBounded(model((graph, x) => graph.node('Softmax', [x]), open))).toBe(false);
    expect(isBounded(model((graph, x) => graph.node('Mystery', [x], {}, 'com.example')))).toBe(false);
    const body = createGraphBuilder('body', ['x']);
    body.input('i', 'int64', []);
    body.output(body.rename(body.input('go', 'bool', []), 'on'), 'bool', []);
    body.output(body.rename(body.input('sum', 'float32', null as never), 'next'), 'float32', null);
    const looped = model((graph, x) => {
      const times = graph.initializer(tensor.int64([3], []));
      return graph.node('Loop', [times, '', x], { body: attribute.graph(body.build()) });
    });
    expect(isBounded(looped)).toBe(false);
  });
});
