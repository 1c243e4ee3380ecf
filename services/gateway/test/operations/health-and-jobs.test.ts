import type { Job, JobState } from '@vindima/contracts';
import { defineService, type RunningService, startService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAdmin, asKey, startGateway, startStandIn, until } from '../support/gateway.ts';

/** A service with jobs that end at once, fail, or go on until they are cancelled. */
const worker = (name: string) =>
  defineService({
    name,
    title: name,
    description: `The ${name} of the tests`,
    port: 0,
    config: Type.Object({}),
    migrations: {},
    compose: ({ app, jobs, addHealthCheck }) => {
      let ill = false;
      addHealthCheck('cellar', async () => {
        if (ill) throw new Error('the cellar is flooded');
      });
      app.post('/test/ill', async () => {
        ill = !ill;
        return { ill };
      });
      const input = Type.Object({ what: Type.String() });
      const job = jobs.define({
        kind: `${name}.work`,
        input,
        run: async ({ input: { what }, progress, signal }) => {
          progress(0.5, 'half of it');
          if (what === 'fail') throw new Error('no');
          if (what === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve));
          signal.throwIfAborted();
          return { done: true };
        },
      });
      app.post('/test/jobs', { schema: { body: input } }, ({ body }) => job.start(body));
    },
  });

describe('health and jobs of all services', () => {
  const running: RunningService[] = [];
  let gateway: RunningService;
  let headers: Record<string, string>;
  const token = 'the token between gateway and services';
  const direct = async (name: string, path: string, body: unknown = {}) => {
    const url = running.find((service) => service.name === name)?.url;
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-internal-token': token },
      body: JSON.stringify(body),
    };
    return (await (await fetch(`${url}${path}`, init)).json()) as Job;
  };
  const get = async <Answer>(path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${gateway.url}${path}`, { headers, ...init });
    return { status: answer.status, body: (await answer.json()) as Answer };
  };
  beforeAll(async () => {
    for (const name of ['wine', 'images', 'pricing']) {
      const environment = { PORT: '0', DATA_DIR: temporaryFolder(), LOG_LEVEL: 'silent', INTERNAL_TOKEN: token };
      running.push(await startService(worker(name), { environment }));
    }
    const urls = Object.fromEntries(running.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]));
    gateway = await startGateway({ ...urls, INTERNAL_TOKEN: token });
    headers = await asAdmin(gateway.url);
  });
  afterAll(async () => {
    await gateway?.stop();
    for (const service of running) await service.stop();
  });

  it('answers calls to the services only through the gateway when INTERNAL_TOKEN is set', async () => {
    expect((await fetch(`${running[0]?.url}/jobs`)).status).toBe(401);
    expect((await get('/jobs?service=wine')).status).toBe(200);
  });

  it('says how every service is; addresses and reasons to those who may pass', async () => {
    await direct('images', '/test/ill');
    interface Health {
      status: string;
      services: Record<string, { status: string; replicas?: { url: string; checks: Record<string, string> }[] }>;
    }
    const { body } = await get<Health>('/health');
    expect(body).toMatchObject({
      status: 'degraded',
      services: {
        wine: { status: 'ok', replicas: [{ url: running[0]?.url, checks: { cellar: 'ok', database: 'ok' } }] },
        images: { status: 'not ready', replicas: [{ checks: { cellar: 'the cellar is flooded' } }] },
        datasets: { status: 'down' },
      },
    });
    const open = await fetch(`${gateway.url}/health`);
    expect([open.status, await open.json()]).toMatchObject([
      200,
      { status: 'degraded', services: { wine: { status: 'ok' } } },
    ]);
    expect(await (await fetch(`${gateway.url}/health`)).text()).not.toContain('127.0.0.1');
    await direct('images', '/test/ill');
  });

  it('answers about health in two seconds, also where a service hangs', async () => {
    const hanging = await startStandIn(() => {});
    const impatient = await startGateway({ WINE_URL: hanging.url });
    const answer = await fetch(`${impatient.url}/health`, { headers: await asAdmin(impatient.url) });
    expect(await answer.json()).toMatchObject({ services: { wine: { status: 'down' } } });
    await impatient.stop();
    await hanging.stop();
  });

  it('lists the jobs of all services, newest first, page by page', async () => {
    const started: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const name of ['wine', 'images', 'pricing']) {
        started.unshift((await direct(name, '/test/jobs', { what: name === 'images' ? 'fail' : 'work' })).id);
      }
    }
    interface Page {
      items: { id: string; state: JobState; kind: string }[];
      next_cursor: string | null;
      unavailable: string[];
    }
    const list = async (query: string) => (await get<Page>(`/jobs?${query}`)).body;
    await until(async () =>
      (await list('')).items.every(({ state }) => state === 'succeeded' || state === 'failed') ? true : undefined,
    );
    const all = await list('');
    expect(all.items.map(({ id }) => id)).toEqual(started);
    expect(all.unavailable).toEqual(['datasets', 'inference']);
    for (const limit of [1, 2, 4, 9]) {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Page = await list(`limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        found.push(...page.items.map(({ id }) => id));
        cursor = page.next_cursor;
      }
      expect(found).toEqual(started);
    }
    expect((await list('state=failed')).items.map(({ kind }) => kind)).toEqual(Array(3).fill('images.work'));
    expect((await list('kind=wine.work')).items).toHaveLength(3);
    const one = await list('service=pricing');
    expect([one.items.length, one.unavailable]).toEqual([3, []]);
    expect((await get('/jobs?service=beer')).status).toBe(400);
    expect((await get('/jobs?cursor=wine-1')).status).toBe(400);
    const named = await fetch(`${running[2]?.url}/test/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-internal-token': token, 'x-reference': 'order 4711' },
      body: '{"what":"work"}',
    });
    const { id } = (await named.json()) as Job;
    expect((await list('reference=order%204711')).items.map((job) => job.id)).toEqual([id]);
    expect((await list('command_id=none')).items).toEqual([]);
  });

  it('ends the stream of a job for a key that is revoked', { timeout: 20_000 }, async () => {
    const { id: job } = await direct('wine', '/test/jobs', { what: 'wait' });
    const key = await asKey(gateway.url, 'wine:read');
    const events = await fetch(`${gateway.url}/jobs/${job}/events`, { headers: key.headers });
    expect(events.status).toBe(200);
    await fetch(`${gateway.url}/keys/${key.id}`, { method: 'DELETE', headers });
    // What was begun cannot end in another way than by the connection.
    await expect(events.text()).rejects.toThrow();
    await fetch(`${gateway.url}/jobs/${job}`, { method: 'DELETE', headers });
  });

  it('finds, watches and cancels a job by its id, and asks for the scope of its service', async () => {
    const { id } = await direct('wine', '/test/jobs', { what: 'wait' });
    expect((await get<Job>(`/jobs/${id}`)).body).toMatchObject({ id, kind: 'wine.work' });
    const events = await fetch(`${gateway.url}/jobs/${id}/events`, { headers });
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    const viewer = await asKey(gateway.url, 'wine:read');
    const other = await asKey(gateway.url, 'images:write');
    const cancel = async (key: Record<string, string>) =>
      (await fetch(`${gateway.url}/jobs/${id}`, { method: 'DELETE', headers: key })).status;
    expect([await cancel(viewer.headers), await cancel(other.headers), await cancel(headers)]).toEqual([403, 403, 202]);
    expect(await events.text()).toContain('"state":"cancelled"');
    expect((await get('/jobs/wine-unknown')).body).toMatchObject({ code: 'wine.unknown_job' });
    expect((await get('/jobs/beer-1')).body).toMatchObject({ code: 'gateway.unknown_job', status_code: 404 });
  });
});
