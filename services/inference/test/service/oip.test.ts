import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, uploadFile } from '../support/http.ts';
import { flowers } from '../support/iris.ts';
import { echoModel, lookupModel, mixingModel } from '../support/models.ts';
import { type Started, start } from '../support/service.ts';

const inputName = 'odd name: 1/x';

describe('the Open Inference Protocol', () => {
  let service: Started;
  let url: string;
  beforeAll(async () => {
    service = await start();
    url = `${service.url}/v2`;
    await post(`${url}/repository/models/iris/load`);
  });
  afterAll(() => service.stop());

  const infer = (model: string, datatype: string, shape: number[], data: unknown[], more: object = {}) =>
    post(`${url}/models/${model}/infer`, { inputs: [{ name: inputName, shape, datatype, data }], ...more });

  it('tells of the server and its models', async () => {
    expect((await get(url)).body).toMatchObject({ name: 'vindima', extensions: ['model_repository'] });
    expect((await get(`${url}/health/live`)).body).toEqual({ live: true });
    expect((await get(`${url}/health/ready`)).body).toEqual({ ready: true });
    expect((await get(`${url}/models/iris`)).body).toMatchObject({
      name: 'iris',
      versions: ['1'],
      inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 4] }],
      outputs: [
        { name: 'label', datatype: 'BYTES', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 3] },
      ],
    });
    expect(await get(`${url}/models/iris/ready`)).toMatchObject({ status: 200, body: { name: 'iris', ready: true } });
    expect((await get(`${url}/models/iris/versions/1/ready`)).status).toBe(200);
    expect((await get(`${url}/models/iris/versions/7/ready`)).status).toBe(404);
  });

  it('answers each class, echoing the id', async () => {
    const data = flowers.map(({ input }) => Object.values(input));
    const inputs = [{ name: 'features', shape: [3, 4], datatype: 'FP32', data }];
    for (const path of ['models/iris/infer', 'models/iris/versions/1/infer']) {
      const { status, body } = await post(`${url}/${path}`, { id: 'call-7', inputs, outputs: [{ name: 'label' }] });
      expect(status).toBe(200);
      expect(body).toEqual({
        model_name: 'iris',
        model_version: '1',
        id: 'call-7',
        outputs: [{ name: 'label', shape: [3], datatype: 'BYTES', data: flowers.map((flower) => flower.class) }],
      });
    }
    const history = (await get(`${service.url}/model/history?limit=6`)).body.items as Record<string, unknown>[];
    expect(history.map((item) => item.class)).toEqual([...flowers, ...flowers].map((flower) => flower.class).reverse());
    expect(history[0]).toMatchObject({ source: 'oip' });
  });

  it.each([
    [
      'string',
      'BYTES',
      [
        ['a', 'é'],
        ['', 'b'],
      ],
      ['a', 'é', '', 'b'],
    ],
    ['int64', 'INT64', ['9007199254740993', -1, 0, 5], [9007199254740993n, -1, 0, 5]],
    [
      'bool',
      'BOOL',
      [
        [true, false],
        [0, 1],
      ],
      [true, false, false, true],
    ],
    ['float16', 'FP16', [0.5, -2, 65504, 0.1], [0.5, -2, 65504, 0.0999755859375]],
    ['float64', 'FP64', [0.1, 1e300, -0.5, 3], [0.1, 1e300, -0.5, 3]],
    ['uint8', 'UINT8', [0, 255, 7, 1], [0, 255, 7, 1]],
  ] as const)('carries %s tensors there and back, flat and nested', async (type, datatype, data, expected) => {
    await uploadFile(`${service.url}/models`, echoModel(type), `${type}.onnx`);
    const response = await fetch(`${url}/models/${type}/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: [{ name: inputName, shape: [2, 2], datatype, data }] }),
    });
    const text = await response.text();
    expect(response.status, text).toBe(200);
    const shown = expected.map((value) => (typeof value === 'bigint' ? String(value) : JSON.stringify(value)));
    expect(text).toContain(`"data":[${shown.join(',')}]`);
  });

  it('refuses what the model does not take, saying why, in the form of the protocol', async () => {
    await uploadFile(`${service.url}/models`, echoModel('float64'), 'echo.onnx');
    const refusals = [
      [await infer('echo', 'BYTES', [1, 2], ['1', '2']), 400, 'is FP64, not BYTES'],
      [await infer('echo', 'FP64', [1, 3], [1, 2, 3]), 400, 'the model wants [-1,2]'],
      [await infer('echo', 'FP64', [2, 2], [1, 2]), 400, 'has 2 elements'],
      [await infer('echo', 'FP64', [1, 2], [1, 2, 3]), 400, 'has 3 elements'],
      [await infer('echo', 'FP64', [1, 2], ['a', 2]), 400, 'element 0 must be a number'],
      [await infer('echo', 'FP64', [0, 2], []), 400, 'no rows'],
      [await infer('echo', 'FP64', [2 ** 31, 2], [1]), 400, 'has 1 elements'],
      [
        await infer(
          'echo',
          'FP64',
          [20_000, 2],
          Array.from({ length: 40_000 }, () => 1),
        ),
        413,
        '10000 rows at most',
      ],
      [await infer('echo', 'FP64', [1, 2], [1, 2], { outputs: [{ name: 'z' }] }), 400, 'no output "z"'],
      [await infer('nobody', 'FP64', [1, 2], [1, 2]), 404, 'no model "nobody"'],
      [await post(`${url}/models/echo/infer`, { inputs: [] }), 400, 'inputs'],
      [await post(`${url}/models/echo/infer`, {}), 400, 'inputs is required'],
    ] as const;
    for (const [{ status, body }, expected, reason] of refusals) {
      expect([status, body.error]).toEqual([expected, expect.stringContaining(reason)]);
    }
    const binary = await fetch(`${url}/models/echo/infer`, {
      method: 'POST',
      headers: { 'inference-header-content-length': '10', 'content-type': 'application/octet-stream' },
      body: 'x',
    });
    expect(binary.status).toBe(400);
    expect(await binary.text()).toContain('does not fit the body');
  });

  it('fails a row that the model cannot compute, not the rows beside it', async () => {
    await uploadFile(`${service.url}/models`, lookupModel(), 'lookup.onnx');
    const answers = await Promise.all(
      [0, 77, 2].map((index) =>
        post(`${url}/models/lookup/infer`, {
          inputs: [{ name: 'index', shape: [1, 1], datatype: 'INT64', data: [index] }],
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 422, 200]);
  });

  it('never runs rows together that would answer otherwise than alone', async () => {
    const { body } = await uploadFile(`${service.url}/models`, mixingModel(), 'mixing.onnx');
    expect(body.signature).toMatchObject({ batching: 'one' });
    const inputs = [{ name: 'x', shape: [2, 2], datatype: 'FP32', data: [0, 0, 3, 1] }];
    const answer = await post(`${url}/models/mixing/infer`, { inputs });
    expect(answer.body.outputs).toMatchObject([{ data: [0, 0, 0.5, 0.1666666716337204] }]);
  });

  it('lists, unloads and loads models', async () => {
    const state = async () => {
      const index = (await (await fetch(`${url}/repository/index`, { method: 'POST' })).json()) as {
        name: string;
        state: string;
      }[];
      return index.find(({ name }) => name === 'iris')?.state;
    };
    expect(await state()).toBe('READY');
    expect(
      (await post(`${url}/repository/models/iris/unload`, { parameters: { unload_dependents: true } })).status,
    ).toBe(200);
    expect(await state()).toBe('UNAVAILABLE');
    expect(await get(`${url}/models/iris/ready`)).toMatchObject({ status: 400, body: { ready: false } });
    const inputs = [{ name: 'features', shape: [1, 4], datatype: 'FP32', data: [1, 2, 3, 4] }];
    expect((await post(`${url}/models/iris/infer`, { inputs })).body.code).toBe('inference.not_loaded');
    expect((await post(`${url}/repository/models/iris/load`, { parameters: { config: '{}' } })).status).toBe(400);
    expect((await post(`${url}/repository/models/iris/load`)).status).toBe(200);
    expect(await state()).toBe('READY');
    expect((await post(`${url}/repository/models/nobody/load`)).status).toBe(404);
  });
});
