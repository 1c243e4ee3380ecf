import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { Job } from '@vindima/contracts';
import { rules } from '@vindima/gateway';
import { openObjectStore } from '@vindima/object-store';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type Client, createClient } from '../src/client.ts';
import { platforms, type RunningPlatform } from '../src/platforms.ts';

const root = join(import.meta.dirname, '../../..');
const photos = join(process.env.SHARED_DATA_DIR ?? join(root, '../shared/data'), 'photos');
const setosa = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };
const virginica = { SepalLengthCm: 6.7, SepalWidthCm: 3.3, PetalLengthCm: 5.7, PetalWidthCm: 2.5 };
const clean = [{ type: 'clean' as const, params: { remove_duplicates: true, handle_missing: 'drop' as const } }];

describe.each(await platforms(process.env))('the platform $name', ({ start }) => {
  let platform: RunningPlatform;
  let client: Client;
  let down: string[];
  beforeAll(async () => {
    platform = await start();
    client = await createClient(platform);
    const { services } = await client.api.gateway.health();
    down = Object.keys(services).filter((name) => services[name]?.status !== 'ok');
  });
  afterAll(async () => {
    await client?.close();
    await platform?.stop();
  });
  /** A step whose service is not there yet is skipped and says so. */
  const needs = (context: TestContext, ...names: string[]) => {
    const missing = names.filter((name) => down.includes(name));
    if (missing.length > 0) context.skip(`not part of this platform: ${missing.join(', ')}`);
  };
  const jobEnd = async ({ id }: Pick<Job, 'id'>): Promise<Job> => {
    const job = await client.until(`end of ${id}`, async () => {
      const found = await client.api.gateway.getJob({ id });
      return found.finished_at === null ? undefined : found;
    });
    expect(job).toMatchObject({ id, state: 'succeeded' });
    return job;
  };
  /** The table that a series became. */
  const datasetOf = async (mark: number, series: string) => {
    const ingested = await client.event(mark, 'events.wine.series-ingested', (payload) => payload.series === series);
    const imported = await client.event(mark, 'events.datasets.imported', (payload) =>
      String(payload.filename).startsWith(`wine-${series}-`),
    );
    expect(imported.payload.rows).toBeGreaterThan(0);
    expect(ingested.payload.object_key).toBe(imported.payload.source);
    const id = String(imported.payload.file_id);
    expect(await client.api.datasets.get({ id })).toMatchObject({ file_id: id, kind: 'import' });
    return id;
  };
  const download = async (fileId: string, format: string) => {
    return (await client.api.datasets.download({ file_id: fileId, format: format as 'csv' | 'json' })).text();
  };

  it('lets nobody in without credentials', async () => {
    for (const path of ['/producaoCSV', '/images', '/datasets', '/model/history/', '/prices', '/jobs', '/events']) {
      expect([path, (await fetch(`${platform.url}${path}`)).status]).toEqual([path, 401]);
    }
    for (const [name, url] of Object.entries(platform.services)) {
      expect([name, (await fetch(`${url}/jobs`)).status]).toEqual([name, 401]);
      expect([name, (await fetch(`${url}/health/live`)).status]).toEqual([name, 200]);
    }
  });

  it('ingests wine, is watched until the series is a table, cleans it and gives it away', async (context) => {
    needs(context, 'wine', 'datasets');
    const mark = client.mark();
    const job = await client.api.wine.ingest({ series: ['production'], force: true });
    await client.event(mark, 'events.wine.job-finished', ({ id }) => id === job.id);
    const { result } = await jobEnd(job);
    expect(result).toMatchObject({ outcome: 'succeeded' });
    const fileId = await datasetOf(mark, 'production');
    const answer = await client.api.datasets.process({ file_id: fileId, operations: clean });
    if (!('processed_data' in answer)) throw new Error(`A job instead of an answer: ${answer.id}`);
    expect(answer.status).toBe('success');
    const csv = await download(answer.processed_data.file_id, 'csv');
    expect(csv.trimEnd().split('\n')).toHaveLength(answer.processed_data.rows + 1);
    expect(Object.keys(await client.api.wine.getProduction())).not.toHaveLength(0);
  });

  it('does the same on commands', async (context) => {
    needs(context, 'wine', 'datasets');
    const mark = client.mark();
    await client.command('commands.wine.ingest', { series: ['commercialization'], force: true });
    const fileId = await datasetOf(mark, 'commercialization');
    await client.command('commands.datasets.process', { file_id: fileId, operations: clean });
    const { payload } = await client.event(mark, 'events.datasets.processed', ({ file_id }) => file_id === fileId);
    const rows = JSON.parse(await download(String(payload.result_file_id), 'json')) as unknown[];
    expect(rows).toHaveLength(Number(payload.rows));
  });

  describe.skipIf(!existsSync(photos))('photographs (needs ../shared/data)', () => {
    const labels = () =>
      readFileSync(join(photos, 'labels.csv'), 'utf8')
        .split('\n')
        .map((line) => line.trim().split(','))
        .filter(([, , label]) => label !== undefined && label !== '' && label !== 'coco_label');
    const photo = (label: string, number: number) =>
      labels().filter(([, , known]) => known === label)[number]?.[0] ?? '';
    interface Picture {
      id: number;
      tags: { tag: string }[];
    }
    const findable = async (id: number, tag: string) => {
      const found = await client.api.images.list({ tags: tag });
      expect((Array.isArray(found) ? found : found.items).map((image) => image.id)).toContain(id);
    };

    it('are tagged and found by their tag', async (context) => {
      needs(context, 'images');
      const data = readFileSync(join(photos, photo('dog', 0))).toString('base64');
      const image = await client.api.images.upload({ data, min_confidence: 30 });
      const [first] = image.tags;
      expect(first).toBeDefined();
      await findable(image.id, first?.tag ?? '');
      const file = await client.call(`/images/${image.id}/file`);
      expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    });

    it('are tagged on a command', async (context) => {
      needs(context, 'images');
      if (platform.lake === undefined) context.skip('the object store is out of reach (E2E_LAKE is its URL)');
      const key = 'e2e/photograph.jpeg';
      const lake = await openObjectStore(platform.lake ?? '');
      await lake.put(key, readFileSync(join(photos, photo('dog', 1))));
      await lake.close();
      const mark = client.mark();
      const reference = `e2e-${Date.now()}`;
      await client.command('commands.images.tag', { object_key: key, min_confidence: 30, reference });
      const { payload } = await client.event(mark, 'events.images.tagged', (tagged) => tagged.reference === reference);
      const [first] = payload.tags as Picture['tags'];
      await findable(Number(payload.id), first?.tag ?? '');
    });
  });

  it('loads iris and classifies', async (context) => {
    needs(context, 'inference');
    const loaded = await client.call('/model/load/', { method: 'POST' });
    expect(loaded.status).toBeLessThan(300);
    const answer = await client.json<{ class: string; id: string }>('/model/classify/', setosa);
    expect(answer.class).toBe('Iris-setosa');
    await client.until('the history', async () => {
      const { items } = await client.api.inference.listHistory();
      return items.some(({ id }) => id === answer.id) ? true : undefined;
    });
  });

  it('loads iris and classifies on commands', async (context) => {
    needs(context, 'inference');
    const mark = client.mark();
    await client.command('commands.inference.load', {});
    await client.event(mark, 'events.inference.model-loaded');
    const id = `e2e-${Date.now()}`;
    await client.command('commands.inference.classify', { id, input: virginica });
    const mine = (payload: Record<string, unknown>) =>
      (payload.items as { command_id?: string; class: string }[]).find(({ command_id }) => command_id === id);
    const { payload } = await client.event(mark, 'events.inference.classified', (told) => mine(told) !== undefined);
    expect(mine(payload)?.class).toBe('Iris-virginica');
  });

  const pricesAreThere = async () => {
    const { items } = await client.api.pricing.listPrices({ category: 'Shoes', currency: 'EUR' });
    expect(items.length).toBeGreaterThan(0);
  };

  it('runs pricing and reads the table', async (context) => {
    needs(context, 'pricing');
    await jobEnd(await client.api.pricing.run({ categories: ['Shoes'], currencies: ['EUR'] }));
    await pricesAreThere();
  });

  it('runs pricing on a command', async (context) => {
    needs(context, 'pricing');
    const mark = client.mark();
    await client.command('commands.pricing.run', { categories: ['Shoes'], currencies: ['EUR', 'GBP'] });
    await client.event(mark, 'events.pricing.snapshot-created');
    await pricesAreThere();
  });

  it('shows the jobs of all of it', async () => {
    const { items, unavailable } = await client.api.gateway.listJobs({ limit: 200 });
    expect(unavailable.sort()).toEqual(down.sort());
    const services = new Set(items.map(({ id }) => id.split('-')[0]));
    for (const name of ['wine', 'datasets', 'pricing']) if (!down.includes(name)) expect(services).toContain(name);
  });

  it('describes itself in documents that the official validators accept', async () => {
    const openApi = await client.json<Record<string, never>>('/openapi.json');
    const { valid, errors } = await new Validator().validate(openApi);
    expect([valid, errors]).toEqual([true, undefined]);
    const asyncApi = await client.json<Record<string, never>>('/asyncapi.json');
    expect(asyncApi['x-unavailable-services']).toEqual(down);
    const { diagnostics } = await new Parser().parse(JSON.stringify(asyncApi));
    expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
  });

  it('has a rule for every operation that a service documents, and no rule for what is not there', async (context) => {
    const names = Object.keys(platform.services);
    if (names.length === 0) context.skip('the services are out of reach');
    for (const name of names) {
      const answer = await fetch(`${platform.services[name]}/openapi.json`, {
        headers: { 'x-internal-token': 'the token between gateway and services' },
      });
      const { paths } = (await answer.json()) as { paths: Record<string, object> };
      const documented = Object.entries(paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
      );
      // The kit's, and what the gateway answers for all: health, metrics and jobs.
      const own = documented.filter(
        (operation) => !/ \/(health(\/live|\/ready)?|metrics|jobs(\/:id(\/events)?)?)$/.test(operation),
      );
      const ruled = rules.filter(({ service, method }) => service === name && method !== 'HEAD');
      expect(ruled.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(own.sort());
    }
  });
});
