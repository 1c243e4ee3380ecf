import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, uploadFile } from '../support/http.ts';
import { flowers } from '../support/iris.ts';
import { echoModel, externalDataModel, hugeTensorModel, lookupModel, unknownOperatorModel } from '../support/models.ts';
import { type Started, start } from '../support/service.ts';

const iris = readFileSync(new URL('../../models/iris.onnx', import.meta.url));

/** A repeatable stream of numbers from 0 to 1 (a linear congruential generator). */
const numbers = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return seed / 2 ** 32;
};

describe('files that are no good', () => {
  let service: Started;
  beforeAll(async () => {
    service = await start({ INFERENCE_MAXIMUM_MODEL_BYTES: '2000000', INFERENCE_TRIAL_SECONDS: '20' });
    await post(`${service.url}/model/load/`);
  });
  afterAll(() => service.stop());

  const unharmed = async () => {
    expect((await post(`${service.url}/model/classify/`, flowers[1]?.input)).body.class).toBe('Iris-versicolor');
    const names = ((await get(`${service.url}/models`)).body.items as { name: string }[]).map(({ name }) => name);
    expect(names).not.toContain('bad');
  };

  it.each([
    ['an empty file', new Uint8Array(), 'inference.not_a_model'],
    ['a text', Buffer.from('Id,SepalLengthCm\n1,5.1\n'), 'onnx.invalid_model'],
    ['half a model', iris.subarray(0, iris.length / 2), 'onnx.invalid_model'],
    ['weights in another file', externalDataModel('../../etc/passwd'), 'inference.external_data'],
    ['weights in a file beside it', externalDataModel('weights.bin'), 'inference.external_data'],
    ['an operator that the runtime lacks', unknownOperatorModel(), 'inference.unsupported_operator'],
    ['more memory than a trial may have', hugeTensorModel(), 'inference.cannot_run'],
  ])('%s is refused with the reason', async (_, bytes, code) => {
    const { status, body } = await uploadFile(`${service.url}/models`, bytes, 'bad.onnx');
    expect([status, body.code]).toEqual([422, code]);
    expect(body.error?.length).toBeGreaterThan(15);
    await unharmed();
  });

  it.each([2_000_001, 8_000_000])('a file of %i bytes is refused as too large', async (size) => {
    const { status, body } = await uploadFile(`${service.url}/models`, new Uint8Array(size), 'bad.onnx');
    expect([status, body.code]).toEqual([413, 'inference.model_too_large']);
    await unharmed();
  });

  it('damaged models are refused or answer, and nothing else happens', async () => {
    const random = numbers(7);
    const sources = [iris, lookupModel(), echoModel('float64')];
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(sources[round % sources.length] ?? iris);
      for (let change = 0; change < 1 + (round % 5); change++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      const { status } = await uploadFile(`${service.url}/models`, bytes, 'damaged.onnx');
      expect([200, 201, 422]).toContain(status);
    }
    expect((await get(`${service.url}/v2/health/live`)).status).toBe(200);
    expect((await post(`${service.url}/model/classify/`, flowers[1]?.input)).body.class).toBe('Iris-versicolor');
  });

  it('wrong names, metadata and forms are refused', async () => {
    const url = `${service.url}/models`;
    expect((await uploadFile(url, iris, 'x.onnx', { name: '../../secrets' })).status).toBe(400);
    expect((await uploadFile(url, iris, 'x.onnx', { metadata: '{' })).status).toBe(400);
    expect((await uploadFile(url, iris, 'bad.onnx', { metadata: '{"labels":["one"]}' })).status).toBe(422);
    expect((await uploadFile(url, iris, 'bad.onnx', { metadata: '{"feature_names":["a"]}' })).status).toBe(422);
    expect((await uploadFile(url, iris, 'x.onnx', { max_batch: '0' })).status).toBe(400);
    expect((await post(url, { file: 'none' })).status).toBe(400);
    await unharmed();
  });
});
