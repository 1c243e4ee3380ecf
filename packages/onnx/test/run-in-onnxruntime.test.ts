import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { attribute, createGraphBuilder, encodeModel, inspectModel, tensor } from '../src/index.ts';

test('a built model computes what its graph says', async () => {
  const graph = createGraphBuilder('line');
  const x = graph.input('x', 'float32', ['batch', 2]);
  const weights = graph.initializer(tensor.float32([1, 2, 3, 4], [2, 2]), 'weights');
  const bias = graph.initializer(tensor.float32([0.5, -0.5]), 'bias');
  const y = graph.node('Gemm', [x, weights, bias], { alpha: attribute.float(2), transB: attribute.int(1) });
  graph.output(graph.rename(y, 'y'), 'float32', ['batch', 2]);
  const bytes = encodeModel({ graph: graph.build(), opsets: { '': 21 }, metadata: { purpose: 'a line' } });

  const session = await InferenceSession.create(bytes);
  const result = await session.run({ x: new Tensor('float32', [1, 1, 1, 0], [2, 2]) });
  expect(result.y?.dims).toEqual([2, 2]);
  expect(result.y?.data).toEqual(Float32Array.of(6.5, 13.5, 2.5, 5.5));
  await session.release();
});

test('every element type reaches the runtime as it was given', async () => {
  const graph = createGraphBuilder('constants');
  const constants = {
    float32: tensor.float32([1.5]),
    float64: tensor.float64([0.1]),
    float16: tensor.float16([0x3c00]),
    int32: tensor.int32([-7]),
    int64: tensor.int64([-(2n ** 62n)]),
    uint8: tensor.uint8([255]),
    bool: tensor.bool([true]),
    string: tensor.string(['Merlot – tinto']),
  } as const;
  for (const [name, constant] of Object.entries(constants)) {
    graph.output(graph.rename(graph.initializer(constant), name), constant.type, [1]);
  }
  const session = await InferenceSession.create(encodeModel({ graph: graph.build(), opsets: { '': 21 } }));
  const result = await session.run({});
  const first = (name: string) => result[name]?.data[0];
  expect(first('float32')).toBe(1.5);
  expect(first('float64')).toBe(0.1);
  expect(first('float16')).toBeOneOf([1, 0x3c00]);
  expect(first('int32')).toBe(-7);
  expect(first('int64')).toBe(-(2n ** 62n));
  expect(first('uint8')).toBe(255);
  expect(first('bool')).toBeOneOf([1, true]);
  expect(first('string')).toBe('Merlot – tinto');
  await session.release();
});

test('a graph within a graph and operators of other domains run', async () => {
  const graph = createGraphBuilder('choice');
  const x = graph.input('x', 'float32', [1, 2]);
  const positive = graph.input('positive', 'bool', [1]);
  const branch = (sign: number) => {
    const body = createGraphBuilder(`times_${sign}`, [x]);
    const factor = body.initializer(tensor.float32([sign]), `factor_${sign < 0 ? 'negative' : 'positive'}`);
    body.output(body.node('Mul', [x, factor]), 'float32', [1, 2]);
    return attribute.graph(body.build());
  };
  const chosen = graph.node('If', [positive], { then_branch: branch(1), else_branch: branch(-1) });
  const label = graph.node(
    'LabelEncoder',
    [chosen],
    { keys_floats: attribute.floats([3, -3]), values_strings: attribute.strings(['up', 'down']) },
    'ai.onnx.ml',
  );
  graph.output(graph.rename(label, 'label'), 'string', [1, 2]);
  const bytes = encodeModel({ graph: graph.build(), opsets: { '': 21, 'ai.onnx.ml': 3 } });
  expect(inspectModel(bytes).operators).toEqual(['Identity', 'If', 'Mul', 'ai.onnx.ml:LabelEncoder']);

  const session = await InferenceSession.create(bytes);
  const run = async (value: boolean) => {
    const result = await session.run({
      x: new Tensor('float32', [3, 3], [1, 2]),
      positive: new Tensor('bool', [value], [1]),
    });
    return result.label?.data;
  };
  expect(await run(true)).toEqual(['up', 'up']);
  expect(await run(false)).toEqual(['down', 'down']);
  await session.release();
});
