import { join } from 'node:path';
import { datasetsCommands } from '@vindima/contracts';
import { openInProcessBus } from '@vindima/messaging';
import { callerHeaders, createLogger, type RunningService, sourceFor } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clientOf, startDatasets } from './support/service.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let running: RunningService;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  running = await startDatasets({ RATE_LIMIT: '30', ASYNC_THRESHOLD: '1' });
  client = clientOf(running.url);
});
afterAll(() => running.stop());

/** As the gateway asks on somebody's behalf. */
const as = (name: string, ...scopes: string[]) => ({
  [callerHeaders.name]: name,
  [callerHeaders.scopes]: scopes.join(' '),
});
const schema = { age: { type: 'integer' as const, required: true } };
const upload = async () => String((await client.upload('data.csv', 'name,age\nAna,30\nBob,\n')).body.file_id);
const count = async (path: string) => (await client.get<{ items: unknown[] }>(path)).body.items.length;

describe('whoever may only read', () => {
  const viewer = as('user:vera', '*:read');

  it('gets the report of a check, and makes no table, no event and no job, however large the table is', async () => {
    const file_id = await upload();
    const before = [await count('/datasets'), await count('/jobs')];
    const { status, body } = await client.post('/api/validate', { file_id, schema }, viewer);
    expect(status).toBe(200);
    expect(body).toMatchObject({ valid: false, error_count: 1, errors_file_id: null, errors_url: null });
    expect((await client.post('/api/analyze', { file_id }, viewer)).status).toBe(200);
    expect([await count('/datasets'), await count('/jobs')]).toEqual(before);
  });

  it('is told that jobs are for editors', async () => {
    const file_id = await upload();
    for (const [path, rest] of [
      ['/api/validate', { schema }],
      ['/api/analyze', {}],
    ] as const) {
      const { status, body } = await client.post(path, { file_id, ...rest, async: true }, viewer);
      expect([status, body.code]).toEqual([403, 'datasets.forbidden']);
    }
  });
});

describe('whoever may change tables', () => {
  const editor = as('user:ed', '*:write');

  it('gets the table of errors, and a job for a large table', async () => {
    const file_id = await upload();
    const answer = await client.post('/api/validate', { file_id, schema, async: false }, editor);
    expect(answer.body).toMatchObject({ errors_file_id: expect.any(String), errors_url: expect.any(String) });
    expect((await client.post('/api/validate', { file_id, schema }, editor)).status).toBe(202);
  });

  it('has their Idempotency-Keys for themselves', async () => {
    const file_id = await upload();
    const start = async (name: string) => {
      const headers = { ...as(name, '*:write'), 'idempotency-key': 'monday' };
      return (await client.post('/api/analyze', { file_id, async: true }, headers)).body.id;
    };
    const first = await start('user:ed');
    expect(await start('user:ed')).toBe(first);
    expect(await start('user:eve')).not.toBe(first);
  });
});

describe('limits', () => {
  it('count people, not the gateway', async () => {
    const ask = async (name: string) => {
      const response = await fetch(`${running.url}/datasets?limit=1`, { headers: as(name, '*:read') });
      return response.status;
    };
    const statuses = await Promise.all(Array.from({ length: 31 }, () => ask('user:busy')));
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect(await ask('user:calm')).toBe(200);
  });
});

describe('a command', () => {
  it("reads no object of a service that its sender may not read; from the bus itself it is the operator's", async () => {
    const logger = createLogger({ name: 'test', level: 'silent' });
    const bus = await openInProcessBus({ path: join(temporaryFolder(), 'bus.db'), logger });
    const service = await startDatasets({}, bus);
    const own = clientOf(service.url);
    const send = (id: string, source: string) => {
      const { subject, type } = datasetsCommands.import;
      const time = new Date().toISOString();
      return bus.publish([{ id, subject, type, source, time, payload: { object_key: 'wine/a.parquet' } }]);
    };
    await send('theirs', sourceFor('gateway', { name: 'key:1', scopes: ['datasets:write'] }));
    await vi.waitFor(async () => expect(await bus.deadLetters.list()).toHaveLength(1), { timeout: 20_000 });
    expect(await bus.deadLetters.list()).toMatchObject([
      { message: { id: 'theirs' }, attempts: 1, error: expect.stringContaining('needs the scope wine:read') },
    ]);
    await send('operator', 'unknown');
    const jobs = () => own.get<{ items: { kind: string }[] }>('/jobs?kind=datasets.import');
    await vi.waitFor(async () => expect((await jobs()).body.items).toHaveLength(1), { timeout: 20_000 });
    await service.stop();
    await bus.close();
  });
});
