import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { modelLoaded } from '@vindima/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, get, post, send, uploadFile } from '../support/http.ts';
import { constantModel, scalingModel } from '../support/models.ts';
import { places, type Started, start, until } from '../support/service.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const labelled = (version: number) => ({ name: 'm', metadata: JSON.stringify({ labels: [`v${version}`, 'other'] }) });

/** Version n answers with the class `vn`. */
const uploadVersion = (url: string, version: number, fields: Record<string, string> = {}): Promise<Answer> =>
  uploadFile(`${url}/models`, constantModel(2, 0), 'm.onnx', { ...labelled(version), ...fields });

const answerOf = async (url: string) => (await post(`${url}/models/m/classify`, { feature_0: 1 })).body;

describe.each(await places())('the registry, $name', ({ make }) => {
  const begin = async (
    more: Record<string, string> = {},
  ): Promise<Started & { environment: Record<string, string> }> => {
    const { environment, drop } = await make();
    closing.push(drop);
    const service = await start({ ...environment, ...more });
    closing.push(service.stop);
    return { ...service, environment };
  };

  it('promotes and rolls back, along the versions that answered', async () => {
    const { url, heard } = await begin();
    for (const version of [1, 2, 3]) {
      expect(await uploadVersion(url, version)).toMatchObject({ status: 201, body: { version } });
    }
    expect(await answerOf(url)).toMatchObject({ class: 'v1', model: { name: 'm', version: 1 } });
    for (const version of [2, 3]) {
      expect(await post(`${url}/models/m/promote`, { version })).toMatchObject({
        status: 200,
        body: { champion: version },
      });
    }
    expect(await answerOf(url)).toMatchObject({ class: 'v3', model: { version: 3 } });
    expect(await post(`${url}/models/m/rollback`)).toMatchObject({ status: 200, body: { champion: 2 } });
    expect(await answerOf(url)).toMatchObject({ class: 'v2', model: { version: 2 } });
    expect(await post(`${url}/models/m/rollback`)).toMatchObject({ status: 200, body: { champion: 1 } });
    expect((await post(`${url}/models/m/rollback`)).body.code).toBe('inference.nothing_to_roll_back');
    expect(await answerOf(url)).toMatchObject({ class: 'v1' });
    await until(() => heard(modelLoaded).length === 5);
    expect(
      heard(modelLoaded).map(({ reason, model, previous_version }) => [reason, model.version, previous_version]),
    ).toEqual([
      ['promote', 1, null],
      ['promote', 2, 1],
      ['promote', 3, 2],
      ['rollback', 2, 3],
      ['rollback', 1, 2],
    ]);
  });

  it('lets the old version answer when the new one fails its golden request', async () => {
    const { url } = await begin();
    await uploadVersion(url, 1);
    const golden = JSON.stringify({ input: { feature_0: 1 }, class: 'other' });
    expect((await uploadVersion(url, 2, { golden })).status).toBe(201);
    const { status, body } = await post(`${url}/models/m/promote`, { version: 2 });
    expect([status, body.code]).toEqual([422, 'inference.golden_failed']);
    expect(await answerOf(url)).toMatchObject({ class: 'v1', model: { version: 1 } });
    expect((await get(`${url}/models/m`)).body).toMatchObject({ champion: 1 });
    const bad = JSON.stringify({ input: { wrong: 1 } });
    await uploadVersion(url, 3, { golden: bad });
    expect((await post(`${url}/models/m/promote`, { version: 3 })).body.code).toBe('inference.golden_failed');
    expect((await post(`${url}/models/m/promote`, { version: 9 })).status).toBe(404);
  });

  it('keeps nothing of an upload that was to answer at once and cannot', async () => {
    const { url } = await begin();
    const golden = JSON.stringify({ input: { feature_0: 1 }, class: 'other' });
    expect((await uploadVersion(url, 1, { golden })).body.code).toBe('inference.golden_failed');
    expect((await get(`${url}/models/m`)).status).toBe(404);
    expect((await get(`${url}/v2/models/m/ready`)).status).toBe(404);
    expect(
      (await uploadFile(`${url}/model/load`, constantModel(2, 0), 'm.onnx', { ...labelled(1), golden })).status,
    ).toBe(422);
    expect((await get(`${url}/models`)).body.items).toEqual([]);
    expect((await uploadVersion(url, 1)).status).toBe(201);
    expect((await uploadVersion(url, 2, { golden, promote: 'true' })).body.code).toBe('inference.golden_failed');
    expect((await get(`${url}/models/m`)).body.versions).toHaveLength(1);
    expect(await answerOf(url)).toMatchObject({ class: 'v1' });
  });

  it('gives each version a file of its own, so that none goes with another', async () => {
    const { url, folder } = await begin();
    for (const version of [1, 2, 2]) await uploadVersion(url, version);
    const files = () => readdirSync(join(folder, 'lake/inference/models/m'));
    expect(files()).toHaveLength(2);
    await post(`${url}/models/m/promote`, { version: 2 });
    await send('DELETE', `${url}/models/m/versions/1`);
    expect(files()).toHaveLength(1);
    await post(`${url}/v2/repository/models/m/unload`);
    expect((await post(`${url}/v2/repository/models/m/load`)).status).toBe(200);
    expect(await answerOf(url)).toMatchObject({ class: 'v2' });
  });

  it('takes the same file twice for one version', async () => {
    const { url } = await begin();
    expect((await uploadVersion(url, 1)).status).toBe(201);
    expect(await uploadVersion(url, 1)).toMatchObject({ status: 200, body: { version: 1 } });
    const both = await Promise.all([uploadVersion(url, 2), uploadVersion(url, 2), uploadVersion(url, 3)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 201, 201]);
    expect((await get(`${url}/models/m`)).body.versions).toHaveLength(3);
  });

  it('deletes versions that do not answer, and whole models', async () => {
    const { url } = await begin();
    await uploadVersion(url, 1);
    await uploadVersion(url, 2);
    expect((await send('DELETE', `${url}/models/m/versions/1`)).body.code).toBe('inference.is_champion');
    await post(`${url}/models/m/promote`, { version: 2 });
    expect((await send('DELETE', `${url}/models/m/versions/1`)).status).toBe(204);
    expect((await post(`${url}/models/m/rollback`)).status).toBe(409);
    expect(await answerOf(url)).toMatchObject({ class: 'v2' });
    expect((await send('DELETE', `${url}/models/m`)).status).toBe(204);
    expect((await post(`${url}/models/m/classify`, { feature_0: 1 })).status).toBe(404);
    expect((await get(`${url}/models`)).body.items).toEqual([]);
    expect((await uploadVersion(url, 4)).status).toBe(201);
    // Numbers are not used again: the history names them.
    expect(await answerOf(url)).toMatchObject({ class: 'v4', model: { version: 3 } });
  });

  it('follows what another replica has promoted, unloaded and deleted', async () => {
    const first = await begin({ INFERENCE_SYNC_SECONDS: '0.1' });
    if (first.environment.DATABASE_URL === undefined) return; // Replicas share a server, not a file.
    await uploadVersion(first.url, 1);
    await uploadVersion(first.url, 2);
    const lake = `file:${first.folder}/lake`;
    const second = await start({ ...first.environment, INFERENCE_SYNC_SECONDS: '0.1', OBJECT_STORE_URL: lake });
    closing.push(second.stop);
    expect(await answerOf(second.url)).toMatchObject({ class: 'v1' });
    await post(`${first.url}/models/m/promote`, { version: 2 });
    await until(async () => (await answerOf(second.url)).class === 'v2');
    await post(`${second.url}/models/m/rollback`);
    await until(async () => (await answerOf(first.url)).class === 'v1');
    await post(`${first.url}/v2/repository/models/m/unload`);
    await until(async () => (await post(`${second.url}/models/m/classify`, { feature_0: 1 })).status === 409);
    await send('DELETE', `${first.url}/models/m`);
    await until(async () => (await get(`${second.url}/models/m`)).status === 404);
  });

  it('unloads what was not used for the longest time when memory is short, and loads it again when it is asked for', async () => {
    const { url } = await begin({ INFERENCE_MEMORY_BYTES: String(2.5 * 1024 * 1024) });
    for (const name of ['a', 'b', 'c']) await uploadFile(`${url}/models`, scalingModel(2), `${name}.onnx`);
    const inMemory = async () => {
      const items = (await get(`${url}/models`)).body.items as { name: string; versions: { in_memory: boolean }[] }[];
      return items.filter(({ versions }) => versions[0]?.in_memory).map(({ name }) => name);
    };
    expect(await inMemory()).toEqual(['b', 'c']);
    const inputs = [{ name: 'x', shape: [1, 2], datatype: 'FP32', data: [1, 2] }];
    expect((await post(`${url}/v2/models/a/infer`, { inputs })).status).toBe(200);
    expect(await inMemory()).toEqual(['a', 'c']);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => post(`${url}/v2/models/${'abc'[index % 3]}/infer`, { inputs })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('remembers classes whatever characters their names have', async () => {
    const { url } = await begin();
    const label = 'a\u001fb\u001e"\n\u0000é';
    const metadata = JSON.stringify({ labels: [label, 'other'] });
    await uploadFile(`${url}/models`, constantModel(2, 0), 'm.onnx', { metadata });
    const rows = Array.from({ length: 50 }, (_, index) => ({ feature_0: index }));
    expect((await post(`${url}/models/m/classify`, { rows })).body.failed).toBe(0);
    const { body } = await get(`${url}/model/history?class=${encodeURIComponent(label)}`);
    const items = body.items as { class: string; input: unknown }[];
    expect(items.map(({ class: name, input }) => [name, input])).toEqual(rows.toReversed().map((row) => [label, row]));
  });

  it('changes how requests are put together', async () => {
    const { url } = await begin();
    await uploadVersion(url, 1, { max_batch: '8', max_wait_ms: '3' });
    expect((await get(`${url}/models/m`)).body).toMatchObject({ batching: { max_batch: 8, max_wait_ms: 3 } });
    const batching = { max_batch: 2, max_wait_ms: 0 };
    expect((await send('PATCH', `${url}/models/m`, { batching })).body).toMatchObject({ batching });
    expect((await send('PATCH', `${url}/models/m`, { batching: { max_batch: 0, max_wait_ms: 0 } })).status).toBe(400);
    expect(await answerOf(url)).toMatchObject({ class: 'v1' });
  });
});

describe('a hundred loads, promotes and rollbacks under traffic', () => {
  it('fail no request, and answer none with another version than they say', async () => {
    const service = await start();
    closing.push(service.stop);
    const { url } = service;
    for (const version of [1, 2, 3]) await uploadVersion(url, version);
    let going = true;
    let answered = 0;
    const wrong: unknown[] = [];
    const caller = async (path: string, body: unknown, check: (answer: Answer['body']) => boolean) => {
      while (going) {
        const { status, body: answer } = await post(`${url}${path}`, body);
        answered += 1;
        if (status !== 200 || !check(answer)) wrong.push([status, answer]);
      }
    };
    const rest = (answer: Answer['body']) => {
      const { version } = answer.model as { version: number };
      return answer.class === `v${version}`;
    };
    const oip = (answer: Answer['body']) => {
      const [output] = answer.outputs as { data: number[] }[];
      return output?.data.join() === '1,0' && [1, 2, 3].includes(Number(answer.model_version));
    };
    const inputs = [{ name: 'x', shape: [1, 1], datatype: 'FP32', data: [1] }];
    const callers = [
      ...Array.from({ length: 8 }, () => caller('/models/m/classify', { feature_0: 1 }, rest)),
      ...Array.from({ length: 4 }, () => caller('/v2/models/m/infer', { inputs }, oip)),
    ];
    // Whatever happens, nobody calls a service that has stopped.
    closing.push(async () => {
      going = false;
      await Promise.all(callers);
    });
    const changes: number[] = [];
    for (let round = 0; round < 34; round++) {
      const version = 1 + (round % 3);
      changes.push((await post(`${url}/model/load/`, { name: 'm', version })).status);
      changes.push((await post(`${url}/models/m/promote`, { version: 1 + ((round + 1) % 3) })).status);
      changes.push((await post(`${url}/models/m/rollback`)).status);
    }
    going = false;
    await Promise.all(callers);
    expect(new Set(changes)).toEqual(new Set([200]));
    expect(changes.length).toBeGreaterThanOrEqual(100);
    expect(wrong).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  });
});
