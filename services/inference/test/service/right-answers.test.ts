import { attribute, createGraphBuilder, encodeModel, type GraphBuilder, tensor } from '@vindima/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, uploadFile } from '../support/http.ts';
import { type Started, start } from '../support/service.ts';

const weights = [3, 0, 0, 0, 3, 0, 0, 0, 3, 1, -1, 2];

/** A model of x [rows, 4]. */
const modelOf = (
  make: (graph: GraphBuilder, x: string) => string,
  output = 'y',
  shape: (number | string)[] = ['rows', 4],
) => {
  const graph = createGraphBuilder('m');
  const x = graph.input('x', 'float32', shape);
  graph.output(graph.rename(make(graph, x), output), 'float32', null);
  return encodeModel({ graph: graph.build(), opsets: { '': 17 } });
};
const linear = (graph: GraphBuilder, x: string, width: number) =>
  graph.node('MatMul', [x, graph.initializer(tensor.float32(weights.slice(0, 4 * width), [4, width]))]);

describe('only right answers', () => {
  let service: Started;
  beforeAll(async () => {
    service = await start();
  });
  afterAll(() => service.stop());

  const upload = async (name: string, bytes: Uint8Array, metadata: object = {}) => {
    const { status, body } = await uploadFile(`${service.url}/models`, bytes, 'm.onnx', {
      name,
      metadata: JSON.stringify(metadata),
    });
    expect([status, body.error]).toEqual([201, undefined]);
    return body.signature as { kind: string | null; batching: string };
  };
  const infer = (name: string, shape: number[], data: number[]) =>
    post(`${service.url}/v2/models/${name}/infer`, { inputs: [{ name: 'x', datatype: 'FP32', shape, data }] });
  const classify = (name: string, x: number[]) => post(`${service.url}/models/${name}/classify`, { x });

  it('no row changes the answer of another where a scale is taken from all of them', async () => {
    const bytes = modelOf((graph, x) => {
      const [small = '', scale = '', zero = ''] = graph.nodes('DynamicQuantizeLinear', [x], { outputs: 3 });
      return graph.node('DequantizeLinear', [small, scale, zero]);
    });
    expect(await upload('quantised', bytes)).toMatchObject({ batching: 'one' });
    const alone = (await infer('quantised', [1, 4], [0.9, 0.1, 0.8, 0.2])).body.outputs;
    const asked = Array.from({ length: 40 }, (_, index) =>
      infer('quantised', [1, 4], index % 2 === 0 ? [0.9, 0.1, 0.8, 0.2] : [900, -700, 500, 300]),
    );
    for (const [index, { body }] of (await Promise.all(asked)).entries()) {
      if (index % 2 === 0) expect(body.outputs).toEqual(alone);
    }
  });

  it('a stated first size is not a number of rows where the graph mixes them, or it is a list', async () => {
    const list = modelOf((graph, x) => graph.node('Abs', [x]), 'y', [5]);
    expect(await upload('list', list)).toMatchObject({ batching: 'none' });
    expect((await infer('list', [7], [1, 2, 3, 4, 5, 6, 7])).body.code).toBe('inference.invalid_infer_request');
    expect((await infer('list', [5], [-1, 2, 3, 4, 5])).body.outputs).toMatchObject([
      { shape: [5], data: [1, 2, 3, 4, 5] },
    ]);
    const square = modelOf((graph, x) => graph.node('Transpose', [x]), 'y', [2, 2]);
    await upload('square', square);
    expect((await infer('square', [2, 2], [1, 2, 3, 4])).body.outputs).toMatchObject([{ data: [1, 3, 2, 4] }]);
    expect((await infer('square', [1, 2], [1, 2])).status).toBe(400);
  });

  it('what the numbers mean comes from the end of the graph', async () => {
    expect(
      await upload(
        'labels',
        modelOf((graph, x) => graph.node('Sigmoid', [linear(graph, x, 3)])),
      ),
    ).toMatchObject({
      kind: 'multilabel',
    });
    expect((await classify('labels', [1, 1, 1, 1])).body.code).toBe('inference.not_a_classifier');
    expect(
      await upload(
        'targets',
        modelOf((graph, x) => linear(graph, x, 2)),
      ),
    ).toMatchObject({ kind: null });
    expect((await classify('targets', [1, 1, 1, 1])).body.code).toBe('inference.not_a_classifier');
    expect(
      await upload(
        'scores',
        modelOf((graph, x) => linear(graph, x, 2), 'logits'),
      ),
    ).toMatchObject({ kind: 'logits' });
    const { body } = await classify('scores', [9, 0, 0, 0]);
    expect(Object.values(body.probabilities as object).reduce((sum, share) => sum + share)).toBeCloseTo(1, 6);
    const chance = modelOf((graph, x) => graph.node('Sigmoid', [linear(graph, x, 1)]));
    expect(await upload('chance', chance, { labels: ['no', 'yes'] })).toMatchObject({ kind: 'probabilities' });
    const answer = (await classify('chance', [1, 0, 0, 0])).body;
    expect(answer.class).toBe('yes');
    expect((answer.probabilities as { yes: number }).yes).toBeCloseTo(1 / (1 + Math.exp(-3)), 6);
  });

  it('and from whoever uploads it, where it does not', async () => {
    const bytes = modelOf((graph, x) => linear(graph, x, 3));
    expect(await upload('told', bytes, { outputs: { kind: 'logits' } })).toMatchObject({ kind: 'logits' });
    expect((await classify('told', [5, 0, 0, 0])).body.class).toBe('0');
    expect(await upload('values', bytes, { outputs: { kind: 'regression' } })).toMatchObject({ kind: 'regression' });
    expect((await classify('values', [5, 0, 0, 0])).status).toBe(422);
  });

  it('a number that is none fails no request for tensors', async () => {
    await upload(
      'roots',
      modelOf((graph, x) => graph.node('Softmax', [graph.node('Sqrt', [x])])),
    );
    const { status, body } = await infer('roots', [2, 4], [4, 4, 4, 4, -1, 1, 1, 1]);
    expect(status).toBe(200);
    expect((body.outputs as { data: number[] }[])[0]?.data).toEqual([0.25, 0.25, 0.25, 0.25, null, null, null, null]);
  });

  it('whole numbers that nothing may be divided by are not tried with zeros', async () => {
    const graph = createGraphBuilder('m');
    const [a, b] = [graph.input('a', 'int64', ['rows', 1]), graph.input('b', 'int64', ['rows', 1])];
    graph.output(graph.node('Div', [a, b]), 'int64', null);
    await upload('division', encodeModel({ graph: graph.build(), opsets: { '': 17 } }));
  });

  it('letters are changed without the locale of another machine', async () => {
    const graph = createGraphBuilder('m');
    const x = graph.input('x', 'string', ['rows']);
    const upper = graph.node('StringNormalizer', [x], { case_change_action: attribute.string('UPPER') });
    graph.output(graph.rename(upper, 'y'), 'string', ['rows']);
    await upload('upper', encodeModel({ graph: graph.build(), opsets: { '': 17 } }));
    const inputs = [{ name: 'x', datatype: 'BYTES', shape: [2], data: ['péssimo', 'bom'] }];
    const { body } = await post(`${service.url}/v2/models/upper/infer`, { inputs });
    expect(body.outputs).toMatchObject([{ data: ['PÉSSIMO', 'BOM'] }]);
  });
});
