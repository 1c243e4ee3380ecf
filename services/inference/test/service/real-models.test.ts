import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, uploadFile } from '../support/http.ts';
import { irisOf } from '../support/iris.ts';
import { type Started, start } from '../support/service.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const read = (path: string) => readFileSync(join(sharedData, path));

describe.skipIf(!hasSharedData('iris/onnx') || !hasSharedData('models'))('real exports (real data)', () => {
  let service: Started;
  beforeAll(async () => {
    service = await start();
  });
  afterAll(() => service.stop());

  it.each([
    ['logreg_skl2onnx_zipmap.onnx', 'float_input', 'any', 0.95],
    ['random-forest_skl2onnx.onnx', 'X', 'any', 0.95],
    ['torch_batch1.onnx', 'input.1', 'one', 0.9],
  ])('%s answers through REST and OIP', async (file, input, batching, least) => {
    const { url } = service;
    const { status, body } = await uploadFile(`${url}/model/load/`, read(`iris/onnx/${file}`), file);
    expect(status).toBe(200);
    expect(body.signature).toMatchObject({ inputs: [{ name: input }], batching, scores: 'probabilities' });
    const rows = irisOf(join(sharedData, 'iris/Iris.csv'));
    const answer = await post(
      `${url}/model/classify/`,
      rows.map((row) => row.input),
    );
    const items = answer.body.items as { class: string; probabilities: Record<string, number> }[];
    const right = items.filter((item, index) => item.class === rows[index]?.class);
    expect(right.length / rows.length).toBeGreaterThanOrEqual(least);
    for (const { probabilities } of items) {
      expect(Object.values(probabilities).reduce((sum, value) => sum + value)).toBeCloseTo(1, 3);
    }
    const data = rows.slice(0, 3).map((row) => Object.values(row.input));
    const inputs = [{ name: input, shape: [3, 4], datatype: 'FP32', data }];
    const infer = await post(`${url}/v2/models/${body.name}/infer`, { inputs });
    expect(infer.status).toBe(200);
    for (const output of infer.body.outputs as { shape: number[] }[]) expect(output.shape[0]).toBe(3);
  });

  it.each([
    ['SqueezeNet_fp16.onnx', 'data_0', 'FP16', 1000, 'one'],
    ['mobilenet_v2_1.0_224.onnx', 'input', 'FP32', 1001, 'any'],
  ])('%s takes an image as a tensor', async (file, input, datatype, classes, batching) => {
    const { url } = service;
    const labels = Array.from({ length: classes }, (_, index) => `class ${index}`);
    const name = file.replace('.onnx', '');
    const metadata = JSON.stringify({ labels });
    const { status, body } = await uploadFile(`${url}/models`, read(`models/${file}`), file, { metadata });
    expect(status).toBe(201);
    expect(body.signature).toMatchObject({ inputs: [{ name: input, datatype }], batching, features: null });
    const pixels = Array.from({ length: 2 * 3 * 224 * 224 }, (_, index) => ((index * 7) % 255) / 255);
    const inputs = [{ name: input, shape: [2, 3, 224, 224], datatype, data: pixels }];
    const infer = await post(`${url}/v2/models/${name}/infer`, { inputs });
    expect(infer.status).toBe(200);
    const [output] = infer.body.outputs as { shape: number[]; data: number[] }[];
    expect(output?.shape.slice(0, 2)).toEqual([2, classes]);
    expect(output?.data.slice(0, classes).reduce((sum, value) => sum + value)).toBeCloseTo(1, 1);
    const { body: answer } = await post(`${url}/models/${name}/classify`, { [input]: pixels.slice(0, 3 * 224 * 224) });
    expect(answer.class).toMatch(/^class \d+$/);
    expect(Object.keys(answer.probabilities as object)).toHaveLength(10);
  });
});
