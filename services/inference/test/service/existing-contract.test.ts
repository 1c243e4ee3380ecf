import { readFileSync } from 'node:fs';
import { classifyRows, loadModel, modelLoaded, rowsClassified } from '@vindima/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { get, post, postText } from '../support/http.ts';
import { flowers } from '../support/iris.ts';
import { places, type Started, start, until } from '../support/service.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe.each(await places())('the existing contract, $name', ({ make }) => {
  const begin = async (): Promise<Started> => {
    const { environment, drop } = await make();
    closing.push(drop);
    const service = await start(environment);
    closing.push(service.stop);
    return service;
  };

  it('classifies a flower of each class through REST, and remembers it', async () => {
    const { url } = await begin();
    expect(await post(`${url}/model/load/`)).toMatchObject({ status: 200, body: { name: 'iris', version: 1 } });
    const ids: unknown[] = [];
    for (const { input, class: name } of flowers) {
      const { status, body } = await post(`${url}/model/classify/`, input);
      expect(status).toBe(200);
      expect(body).toEqual({
        class: name,
        probabilities: {
          'Iris-setosa': expect.any(Number),
          'Iris-versicolor': expect.any(Number),
          'Iris-virginica': expect.any(Number),
        },
        model: { name: 'iris', version: 1 },
        id: expect.any(String),
      });
      ids.push(body.id);
      const probabilities = body.probabilities as Record<string, number>;
      expect(Math.max(...Object.values(probabilities))).toBe(probabilities[name]);
      expect(Object.values(probabilities).reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    }
    const { body: history } = await get(`${url}/model/history`);
    const items = history.items as Record<string, unknown>[];
    expect(items.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(items.map(({ input }) => input)).toEqual(flowers.map(({ input }) => input).toReversed());
    expect(items[2]).toMatchObject({ class: 'Iris-setosa', output: { class: 'Iris-setosa' }, source: 'rest' });
    expect(history.next_cursor).toBeNull();
  });

  it('answers each class through the bus, with what is wrong where something is, and tells once', async () => {
    const { send, heard } = await begin();
    await send(loadModel, {});
    await until(() => heard(modelLoaded).length > 0);
    expect(heard(modelLoaded)[0]).toMatchObject({ model: { name: 'iris', version: 1 }, reason: 'load' });
    const rows = [...flowers.map(({ input }) => input), { SepalLengthCm: 'long' }];
    const messageId = await send(classifyRows, { input: rows });
    await send(classifyRows, { id: 'mine', input: rows[0] ?? {} });
    const items = await until(() => {
      const all = heard(rowsClassified).flatMap((event) => event.items);
      return all.length >= 5 && all;
    });
    const answers = items.filter((item) => item.command_id === messageId);
    expect(answers.map((item) => item.class)).toEqual([...flowers.map((flower) => flower.class), null]);
    expect(answers.map((item) => item.row)).toEqual([0, 1, 2, 3]);
    expect(answers[3]?.error).toMatchObject({ code: 'inference.invalid_row' });
    expect(answers[3]?.error?.error).toContain('PetalWidthCm is required');
    expect(items.filter((item) => item.command_id === 'mine').map((item) => item.class)).toEqual(['Iris-setosa']);
  });

  it('tells of what REST classified, each row in one event', async () => {
    const { url, heard } = await begin();
    await post(`${url}/model/load`);
    const rows = Array.from({ length: 250 }, (_, index) => flowers[index % 3]?.input);
    const { body } = await post(`${url}/model/classify`, { rows });
    const ids = (body.items as { id: string }[]).map(({ id }) => id);
    await until(() => heard(rowsClassified).reduce((sum, event) => sum + event.count, 0) >= 250);
    const events = heard(rowsClassified);
    expect(events.reduce((sum, event) => sum + event.count, 0)).toBe(250);
    expect(events[0]?.classes['Iris-setosa']).toBe(84);
    expect(ids).toContain(events[0]?.items[0]?.id);
    expect(events[0]?.items).toHaveLength(100);
  });

  it('pages through the history by cursor, filtered by time, model and class', async () => {
    const { url } = await begin();
    await post(`${url}/model/load`);
    const rows = Array.from({ length: 30 }, (_, index) => flowers[index % 3]?.input);
    await post(`${url}/model/classify`, rows);
    const between = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await post(`${url}/model/classify`, rows.slice(0, 3));
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await get(`${url}/model/history?limit=10&class=Iris-setosa${cursor}`);
      seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(seen).toHaveLength(11);
    expect(seen).toEqual([...new Set(seen)].toSorted().reverse());
    const count = async (query: string) => ((await get(`${url}/model/history?${query}`)).body.items as []).length;
    expect(await count(`from=${between}`)).toBe(3);
    expect(await count(`to=${between}`)).toBe(30);
    expect(await count('model=other')).toBe(0);
    expect(await count('model=iris&version=1&class=Iris-virginica')).toBe(11);
    expect((await get(`${url}/model/history?klass=x`)).status).toBe(400);
    expect((await get(`${url}/model/history?cursor=x`)).status).toBe(400);
  });

  it('restores what was loaded when it starts again', async () => {
    const { environment, drop } = await make();
    closing.push(drop);
    const first = await start(environment);
    await post(`${first.url}/model/load`);
    await first.stop();
    const second = await start({ ...environment, DATA_DIR: first.folder });
    closing.push(second.stop);
    expect((await get(`${second.url}/health`)).body).toEqual({ status: 'ok', model: { name: 'iris', version: 1 } });
    expect((await post(`${second.url}/model/classify/`, flowers[2]?.input)).body.class).toBe('Iris-virginica');
  });
});

describe('what is refused', () => {
  it('says 409 while no model is loaded', async () => {
    const { url, stop } = await start();
    closing.push(stop);
    const { status, body } = await post(`${url}/model/classify/`, flowers[0]?.input);
    expect([status, body.code]).toEqual([409, 'inference.no_model_loaded']);
    expect((await get(`${url}/health`)).body).toEqual({ status: 'ok', model: null });
  });

  it('names wrong, missing and unknown fields', async () => {
    const { url, stop } = await start();
    closing.push(stop);
    await post(`${url}/model/load/`);
    const { status, body } = await post(`${url}/model/classify/`, {
      SepalLengthCm: '5.1',
      SepalWidthCm: null,
      PetalLengthCm: 1.4,
      Petalwidthcm: 0.2,
    });
    expect(status).toBe(422);
    expect(body.details).toEqual({
      problems: [
        { path: 'SepalLengthCm', message: 'must be a number' },
        { path: 'SepalWidthCm', message: 'must be a number' },
        { path: 'PetalWidthCm', message: 'is required' },
        { path: 'Petalwidthcm', message: 'is not known' },
      ],
    });
    for (const row of [{}, 'text', 7, null, { ...flowers[0]?.input, SepalLengthCm: 1e39 }]) {
      expect((await post(`${url}/model/classify/`, row)).status).toBe(422);
    }
    expect((await postText(`${url}/model/classify/`, 'application/json', '{"SepalLengthCm": ')).status).toBe(400);
    expect((await post(`${url}/model/load/`, { name: 'nobody' })).status).toBe(404);
    expect((await post(`${url}/model/load/`, { nom: 'iris' })).status).toBe(400);
    expect(((await get(`${url}/model/history/`)).body.items as []).length).toBe(0);
  });

  it('fails a bad row of many alone, in JSON and CSV', async () => {
    const { url, stop } = await start();
    closing.push(stop);
    await post(`${url}/model/load/`);
    const csv = [
      'Id,SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm',
      '1,5.1,3.5,1.4,0.2',
      '2,five,3.5,1.4,0.2',
      '3,6.5,3.0,5.8,2.2',
      '4,6.5,3.0',
      '5,6.5,3.0,5.8,2.2,7',
      '6,5.9,3.0,4.2,1.5',
    ].join('\n');
    const { body } = await postText(`${url}/model/classify/`, 'text/csv', csv);
    expect(body.failed).toBe(3);
    const items = body.items as Record<string, unknown>[];
    expect(items.map((item) => item.class ?? item.code)).toEqual([
      'Iris-setosa',
      'inference.invalid_row',
      'Iris-virginica',
      'inference.invalid_row',
      'inference.invalid_row',
      'Iris-versicolor',
    ]);
    expect([items[3]?.error, items[4]?.error]).toEqual([
      expect.stringContaining('PetalLengthCm is required; PetalWidthCm is required'),
      expect.stringContaining('cell 6 is not known'),
    ]);
    expect((await postText(`${url}/model/classify/`, 'text/csv', 'a,b\n"')).status).toBe(422);
  });

  it('loads the built-in iris when a body of chunks turns out to be empty', async () => {
    const { url, stop } = await start();
    closing.push(stop);
    const chunks = new ReadableStream({ start: (stream) => stream.close() });
    const response = await fetch(`${url}/model/load/`, { method: 'POST', body: chunks, duplex: 'half' });
    expect([response.status, await response.json()]).toMatchObject([200, { name: 'iris', loaded: true }]);
  });

  it('loads what the query or a form names, and nothing else', async () => {
    const { url, stop } = await start();
    closing.push(stop);
    expect((await post(`${url}/model/load?name=nobody`)).status).toBe(404);
    expect((await post(`${url}/model/load?naem=iris`)).status).toBe(400);
    expect((await post(`${url}/model/load?name=iris`)).body).toMatchObject({ name: 'iris', version: 1 });
    const form = (fields: string) => postText(`${url}/model/load`, 'application/x-www-form-urlencoded', fields);
    expect((await form('name=iris&version=1')).status).toBe(200);
    expect((await form('name=iris&version=2')).status).toBe(404);
    expect((await form('')).body).toMatchObject({ name: 'iris', version: 1 });
  });

  it('names what is unknown beside a row that is sent as a whole', async () => {
    const { url, stop } = await start();
    closing.push(stop);
    await post(`${url}/model/load/`);
    const features = Object.values(flowers[1]?.input ?? {});
    expect((await post(`${url}/model/classify/`, { features })).body.class).toBe('Iris-versicolor');
    const { status, body } = await post(`${url}/model/classify/`, { features, x: 1 });
    expect([status, body.error]).toEqual([422, expect.stringContaining('x is not known')]);
  });

  it('keeps its document: /docs and /openapi.json', async () => {
    const { url, stop } = await start();
    closing.push(stop);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    const paths = Object.keys((await get(`${url}/openapi.json`)).body.paths as object);
    expect(paths).toEqual(expect.arrayContaining(['/model/load', '/model/classify', '/model/history', '/health']));
    expect(readFileSync(new URL('../../models/iris.onnx', import.meta.url)).length).toBeGreaterThan(100);
  });
});
