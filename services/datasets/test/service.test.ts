import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetsCommands, datasetsEvents, type Job, wineSeriesIngested } from '@vindima/contracts';
import type { Message } from '@vindima/messaging';
import { openObjectStore } from '@vindima/object-store';
import { createLogger, type openBus, type RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clientOf, startDatasets } from './support/service.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let running: RunningService;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  running = await startDatasets({ MAX_CONTENT_LENGTH: '20000', INLINE_LIMIT: '4000' });
  client = clientOf(running.url);
});
afterAll(() => running.stop());

const csv = 'name,age,email\nAna,30,ana@x.org\nAna,30,ana@x.org\nBob,,bob@\nEve,200,e@x.org\n';
const upload = async (content = csv, name = 'data.csv') => String((await client.upload(name, content)).body.file_id);
const until = async <Found>(look: () => Promise<Found | undefined>): Promise<Found> => {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error('it did not happen');
};
const finished = (location: string) =>
  until(async () => {
    const { body } = await client.get<Job>(location);
    return body.finished_at === null ? undefined : body;
  });

describe('what existing clients call', () => {
  it('GET /api/health', async () => {
    const { status, body } = await client.get('/api/health');
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'healthy', timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
  });

  it('POST /api/upload', async () => {
    const { status, body } = await client.upload('data.csv', csv);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      message: 'File uploaded successfully',
      file_id: expect.any(String),
      filename: 'data.csv',
      rows: 4,
    });
  });

  it('POST /api/process', async () => {
    const { status, body } = await client.post('/api/process', {
      file_id: await upload(),
      operations: [
        { type: 'clean', params: { remove_duplicates: true, handle_missing: 'drop' } },
        { type: 'transform', params: { output_format: 'json' } },
      ],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'success',
      processed_data: {
        format: 'json',
        rows: 2,
        data: [
          { name: 'Ana', age: 30, email: 'ana@x.org' },
          { name: 'Eve', age: 200, email: 'e@x.org' },
        ],
      },
      statistics: { rows_processed: 4, rows_removed: 2 },
    });
  });

  it('POST /api/validate', async () => {
    const schema = {
      name: { type: 'string', required: true },
      age: { type: 'integer', min: 0, max: 150 },
      email: { type: 'email', required: true },
    };
    const file_id = await upload();
    const { status, body } = await client.post('/api/validate', { file_id, schema });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      valid: false,
      validated_rows: 4,
      error_count: 2,
      errors: [
        { row: 3, column: 'email', rule: 'type', value: 'bob@', message: 'is not of type email' },
        { row: 4, column: 'age', rule: 'max', value: '200', message: 'is greater than 150' },
      ],
    });
    const table = await client.get<string>(String(body.errors_url));
    expect(table.body.split('\n').slice(0, 2)).toEqual([
      'row,column,rule,value,message',
      '3,email,type,bob@,is not of type email',
    ]);
    const good = await client.post('/api/validate', { file_id, schema: { name: { required: true } } });
    expect(good.body).toMatchObject({ valid: true, errors: [], validated_rows: 4, errors_url: null });
  });

  it('POST /api/analyze', async () => {
    const { status, body } = await client.post('/api/analyze', {
      file_id: await upload(),
      analysis_type: 'descriptive',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      analysis: { mean: 260 / 3, median: 30, std_dev: expect.closeTo(98.1495, 3), min: 30, max: 200 },
    });
  });

  it('GET /api/download/{file_id}?format=', async () => {
    const id = await upload(csv, 'São Paulo.csv');
    const { headers, body } = await client.get<string>(`/api/download/${id}?format=csv`);
    expect(body).toBe(csv);
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="S_o Paulo.csv"; filename*=UTF-8''S%C3%A3o%20Paulo.csv`,
    );
    expect(headers.get('content-length')).toBe(String(Buffer.byteLength(csv)));
    expect((await client.get<unknown[]>(`/api/download/${id}?format=json`)).body).toHaveLength(4);
    for (const [format, magic] of [
      ['excel', 'PK'],
      ['parquet', 'PAR1'],
      ['avro', 'Obj'],
      ['arrow', 'ARROW1'],
    ] as const) {
      const bytes = await client.download(`/api/download/${id}?format=${format}`);
      expect(Buffer.from(bytes).toString('latin1').startsWith(magic)).toBe(true);
    }
  });
});

describe('what goes wrong is said', () => {
  it('404 for an unknown file, everywhere', async () => {
    const unknown = {
      error: 'There is no file "nope".',
      status_code: 404,
      code: 'datasets.unknown_file',
      details: { file_id: 'nope' },
    };
    const answers = [
      await client.get('/api/download/nope'),
      await client.get('/datasets/nope'),
      await client.get('/datasets/nope/rows'),
      await client.post('/api/process', { file_id: 'nope', operations: [{ type: 'clean', params: {} }] }),
      await client.post('/api/validate', { file_id: 'nope', schema: {} }),
      await client.post('/api/analyze', { file_id: 'nope' }),
      await client.post('/datasets/nope/export', {}),
      await client.delete('/datasets/nope'),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect(body).toMatchObject(unknown);
    }
  });

  it('413 for a file that is too large, however it is sent', async () => {
    const { status, body } = await client.upload('data.csv', `a,b\n${'1,2\n'.repeat(6000)}`);
    expect([status, body.code]).toEqual([413, 'datasets.too_large']);
    const huge = await client.upload('data.csv', `a,b\n${'1,2\n'.repeat(60_000)}`).catch(() => ({ status: 413 }));
    expect(huge.status).toBe(413);
  });

  it('415 for content that is not what it says, 422 with a place for a table that cannot be read', async () => {
    expect((await client.upload('data.parquet', csv)).status).toBe(415);
    expect((await client.upload('data.csv', '{"a":1}\0')).status).toBe(415);
    const broken = await client.upload('data.csv', 'a,b\n1,"x\n');
    expect(broken).toMatchObject({ status: 422, body: { status_code: 422, details: { line: 2, column: 3 } } });
  });

  it('400 for a request that makes no sense', async () => {
    expect((await client.post('/api/upload', {})).body.code).toBe('datasets.no_file');
    expect((await client.upload('a.csv', csv, { header: 'perhaps' })).body.code).toBe('datasets.wrong_option');
    const wrong = await client.post('/api/process', { file_id: 'x', operations: [{ type: 'explode', params: {} }] });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'datasets.invalid_request']);
  });

  it('429 to who asks too often', async () => {
    const limited = await startDatasets({ RATE_LIMIT: '2' });
    try {
      const other = clientOf(limited.url);
      const answers = [await other.get('/datasets'), await other.get('/datasets'), await other.get('/datasets')];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
      expect(answers[2]?.headers.get('retry-after')).not.toBeNull();
      expect(answers[2]?.body).toMatchObject({ status_code: 429, code: 'datasets.too_many_requests' });
      expect((await other.get('/api/health')).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });
});

describe('tables', () => {
  it('can be listed in pages, looked into, exported to the lake and removed', async () => {
    const ids = [await upload(), await upload(), await upload()];
    const first = await client.get<{ items: { file_id: string }[]; next_cursor: string }>('/datasets?limit=2');
    const second = await client.get<{ items: { file_id: string }[] }>(
      `/datasets?limit=2&cursor=${first.body.next_cursor}`,
    );
    expect([...first.body.items, ...second.body.items].map(({ file_id }) => file_id).slice(0, 3)).toEqual(
      ids.toReversed(),
    );
    const id = ids[0] ?? '';
    expect((await client.get(`/datasets/${id}`)).body).toMatchObject({
      dialect: { delimiter: ',', encoding: 'utf-8', header: true },
      warnings: [],
      columns: [
        { name: 'name', type: 'string' },
        { name: 'age', type: 'integer' },
        { name: 'email', type: 'string' },
      ],
    });
    expect((await client.get(`/datasets/${id}/rows?limit=1&offset=2`)).body).toMatchObject({
      rows: [{ name: 'Bob', age: null }],
      total: 4,
    });
    const exported = await client.post(`/datasets/${id}/export`, {});
    expect(exported.status).toBe(201);
    expect(exported.body.key).toMatch(
      new RegExp(`^datasets/exports/${id}/processing_date=\\d{4}-\\d\\d-\\d\\d/[0-9a-f-]+\\.parquet$`),
    );
    expect((await client.delete(`/datasets/${id}`)).status).toBe(204);
    expect((await client.get(`/datasets/${id}`)).status).toBe(404);
    expect((await client.get(`/api/download/${id}`)).status).toBe(404);
  });

  it('keep what their uploader decides', async () => {
    const { body } = await client.upload('a.csv', 'a;b\n01;2,5\n', {
      delimiter: ';',
      types: '{"a":"integer"}',
      decimal: ',',
    });
    expect(body).toMatchObject({ columns: [{ type: 'integer' }, { type: 'number' }], dialect: { decimal: ',' } });
  });

  it('that are large as results are a link, with every digit of their integers', async () => {
    const lines = Array.from({ length: 900 }, (_, index) => `9007199254740993,text number ${index}`);
    const file_id = await upload(`id,text\n${lines.slice(0, 400).join('\n')}\n`);
    const small = await fetch(`${running.url}/api/process`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        file_id,
        operations: [
          { type: 'filter', params: { conditions: [{ column: 'text', operator: 'eq', value: 'text number 1' }] } },
        ],
      }),
    });
    expect(await small.text()).toContain('"data":[\n\t{"id":9007199254740993,');
    const large = await client.post<{ processed_data: { data?: unknown; download_url: string } }>('/api/process', {
      file_id,
      operations: [{ type: 'transform', params: { output_format: 'csv' } }],
    });
    expect(large.body.processed_data.data).toBeUndefined();
    expect((await client.get<string>(large.body.processed_data.download_url)).body.split('\n')).toHaveLength(402);
  });
});

describe('jobs', () => {
  it('do the work when asked to; the same key gives the same job', async () => {
    const request = {
      file_id: await upload(),
      operations: [{ type: 'clean', params: { remove_duplicates: true } }],
      async: true,
    };
    const key = { 'idempotency-key': randomUUID() };
    const first = await client.post('/api/process', request, key);
    const again = await client.post('/api/process', request, key);
    expect([first.status, again.body.id]).toEqual([202, first.body.id]);
    const job = await finished(first.headers.get('location') ?? '');
    expect(job).toMatchObject({ state: 'succeeded', result: { status: 'success', statistics: { rows_removed: 1 } } });
    const { processed_data } = job.result as { processed_data: { file_id: string } };
    expect(job.outputs).toEqual({ tables: [processed_data.file_id] });
    expect((await client.get(`/datasets/${processed_data.file_id}`)).body).toMatchObject({ kind: 'result', rows: 3 });
  });

  it('fail with a reason', async () => {
    const { headers } = await client.post('/api/analyze', { file_id: await upload('a,b\nx,y\n'), async: true });
    expect(await finished(headers.get('location') ?? '')).toMatchObject({
      state: 'failed',
      error: { code: 'datasets.not_numeric' },
    });
  });
});

describe('in the platform', () => {
  let other: RunningService;
  let bus: Awaited<ReturnType<typeof openBus>>;
  let folder: string;
  const send = (definition: { subject: string; type: string }, payload: unknown) => {
    const id = randomUUID();
    const message: Message = {
      id,
      subject: definition.subject,
      type: definition.type,
      source: 'test',
      time: new Date().toISOString(),
      payload,
    };
    return bus.publish([message, message]);
  };
  const heard: Message[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datasets-platform-'));
    const logger = createLogger({ name: 'test', level: 'silent' });
    const { startService } = await import('@vindima/service-kit');
    const { datasets } = await import('../src/index.ts');
    const { openInProcessBus } = await import('@vindima/messaging');
    bus = await openInProcessBus({ path: join(folder, 'bus.db'), logger });
    other = await startService(datasets, {
      environment: {
        PORT: '0',
        DATA_DIR: folder,
        SCRATCH_DIR: folder,
        RATE_LIMIT: '0',
        OBJECT_STORE_URL: `file:${join(folder, 'lake')}`,
      },
      bus,
      logger,
    });
    await bus.consume(
      { name: 'test', subjects: Object.values(datasetsEvents).map(({ subject }) => subject) },
      async (deliveries) => {
        heard.push(...deliveries);
        return deliveries.map(() => ({ done: true }) as const);
      },
    );
  });
  afterAll(async () => {
    await other.stop();
    await bus.close();
  });
  const event = (subject: string, fits: (payload: Record<string, unknown>) => boolean) =>
    until(
      async () =>
        heard.find((message) => message.subject === subject && fits(message.payload as Record<string, unknown>))
          ?.payload as Record<string, unknown> | undefined,
    );

  it('a command imports an object of the lake, once, and events tell of it and of what is done with it', async () => {
    const lake = await openObjectStore(`file:${join(folder, 'lake')}`, {
      logger: createLogger({ name: 'test', level: 'silent' }),
    });
    await lake.put('somewhere/people.csv', Buffer.from(csv));
    await send(datasetsCommands.import, { object_key: 'somewhere/people.csv' });
    const imported = await event(datasetsEvents.imported.subject, ({ source }) => source === 'somewhere/people.csv');
    expect(imported).toMatchObject({ filename: 'people.csv', kind: 'import', format: 'csv', rows: 4, columns: 3 });

    await send(datasetsCommands.process, {
      file_id: imported.file_id,
      operations: [{ type: 'clean', params: { handle_missing: 'drop' } }],
    });
    expect(await event(datasetsEvents.processed.subject, ({ file_id }) => file_id === imported.file_id)).toMatchObject({
      rows: 3,
      rows_removed: 1,
    });
    await send(datasetsCommands.validate, { file_id: imported.file_id, schema: { age: { required: true } } });
    expect(await event(datasetsEvents.validated.subject, ({ file_id }) => file_id === imported.file_id)).toMatchObject({
      valid: false,
      error_count: 1,
    });
    await send(datasetsCommands.analyze, { file_id: imported.file_id });
    const job = await until(async () => {
      const { body } = await clientOf(other.url).get<{ items: Job[] }>('/jobs?kind=datasets.analyze&state=succeeded');
      return body.items[0];
    });
    expect(job.result).toMatchObject({ analysis: { min: 30 } });
    const { body } = await clientOf(other.url).get<{ items: unknown[] }>('/datasets?kind=import');
    expect(body.items).toHaveLength(1);
    await lake.close();
  });

  it('a series of the wine service becomes a table by itself', async () => {
    const lake = await openObjectStore(`file:${join(folder, 'lake')}`, {
      logger: createLogger({ name: 'test', level: 'silent' }),
    });
    const source = clientOf(other.url);
    const { body } = await source.upload('figures.csv', 'year,value\n1970,1\n1971,2\n');
    const parquet = await source.download(`/api/download/${body.file_id}?format=parquet`);
    const object_key = 'wine/production/processing_date=2025-05-09/run.parquet';
    await lake.put(object_key, parquet);
    await send(wineSeriesIngested, {
      series: 'production',
      title: 'Production',
      run: 'run',
      object_key,
      bytes: parquet.length,
      sha256: 'a'.repeat(64),
      rows: 2,
      warnings: 0,
      processing_date: '2025-05-09',
      source: {
        url: 'https://example.org/Producao.csv',
        kind: 'sandbox',
        sha256: 'a'.repeat(64),
        bytes: 1,
        fetched_at: '2025-05-09T16:00:00.000Z',
        etag: null,
        last_modified: null,
      },
    });
    expect(await event(datasetsEvents.imported.subject, ({ source }) => source === object_key)).toMatchObject({
      filename: 'wine-production-2025-05-09.parquet',
      kind: 'import',
      rows: 2,
    });
    await lake.close();
  });
});

describe('decisions of the uploader', () => {
  const money = 'id;valor\n1;1.234\n2;12.500\n';

  it('an option that is not known is refused, with the one that was meant', async () => {
    const { status, body } = await client.upload('a.csv', money, { delimeter: ';' });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'datasets.wrong_option',
      error: 'The option "delimeter" is not known; did you mean delimiter?',
    });
    expect((await client.upload('a.csv', money, { skip_rows: 'two' })).status).toBe(400);
  });

  it('POST /datasets/{id}/reread reads the file that was kept', async () => {
    const first = await client.upload('a.csv', money);
    const id = String(first.body.file_id);
    expect(first.body).toMatchObject({ columns: [{ type: 'integer' }, { type: 'string' }], source_size: money.length });
    const again = await client.post(`/datasets/${id}/reread`, { decimal: ',', thousands: '.' });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ file_id: id, columns: [{ type: 'integer' }, { type: 'integer' }] });
    expect((await client.get(`/datasets/${id}/rows`)).body).toMatchObject({
      rows: [{ valor: 1234 }, { valor: 12500 }],
    });
    expect((await client.post(`/datasets/${id}/reread`, { decimel: ',' })).body).toMatchObject({
      code: 'datasets.wrong_option',
    });
  });

  it('a table whose file is not kept cannot be read again', async () => {
    const processed = await client.post<{ processed_data: { file_id: string } }>('/api/process', {
      file_id: await upload(),
      operations: [{ type: 'clean', params: {} }],
    });
    const { status, body } = await client.post(`/datasets/${processed.body.processed_data.file_id}/reread`, {});
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'datasets.source_gone' });
  });

  it('downloads leave out the header on request, and say what was escaped', async () => {
    const id = await upload('a,b\n=1+1,2\n+55 11,3\n');
    const plain = await client.get<string>(`/api/download/${id}?header=false`);
    expect(plain.body).toBe("'=1+1,2\n+55 11,3\n");
    expect(plain.headers.get('x-escaped-formulas')).toBe('1');
  });
});
