import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Client, createClient, VindimaError } from '../src/index.ts';

/** A client of a platform that answers all requests the same, and what it was asked. */
const clientOf = (answer: () => Response, options: { token?: string; apiKey?: string } = {}) => {
  const asked: Request[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    asked.push(new Request(input, init));
    return answer();
  };
  return { client: createClient({ url: 'http://vindima.example/base/', fetch, ...options }), asked };
};
const json =
  (value: unknown, status = 200) =>
  () =>
    Response.json(value, {
      status,
      headers: { 'x-request-id': 'r-1', ...(status === 429 ? { 'retry-after': '7' } : {}) },
    });
const only = <Item>(items: readonly Item[]): Item => {
  expect(items).toHaveLength(1);
  return items[0] as Item;
};

describe('a client', () => {
  it('puts arguments into path and query', async () => {
    const { client, asked } = clientOf(json({ items: [], next_cursor: null }), { token: 't' });
    const page = await client.wine.getSeries({ id: 'import wine/x', year_from: 2020, country: undefined });
    expect(page.items).toEqual([]);
    const { method, url, headers } = only(asked);
    expect([method, url]).toEqual(['GET', 'http://vindima.example/base/wine/series/import%20wine%2Fx?year_from=2020']);
    expect(headers.get('authorization')).toBe('Bearer t');
    expect(headers.get('content-type')).toBeNull();
  });

  it('puts fields into the body and headers where they belong', async () => {
    const { client, asked } = clientOf(json({ id: 'wine-1' }, 202), { apiKey: 'k' });
    await client.wine.ingest({ series: ['production'], force: true, idempotencyKey: 'once', 'x-reference': 'mine' });
    const request = only(asked);
    expect(await request.json()).toEqual({ series: ['production'], force: true });
    expect(Object.fromEntries(request.headers)).toEqual({
      'content-type': 'application/json',
      'idempotency-key': 'once',
      'x-reference': 'mine',
      'x-api-key': 'k',
    });
  });

  it('sends no body where none is needed, and an empty object where one is', async () => {
    const { client, asked } = clientOf(json({}));
    await client.wine.ingest();
    await client.gateway.changeUser({ id: 3 });
    expect(await Promise.all(asked.map((request) => request.text()))).toEqual(['', '{}']);
  });

  it('sends what is no object as `body`, and what is a file with its type', async () => {
    const { client, asked } = clientOf(json({ items: [], failed: 0 }));
    await client.inference.classify({ body: { rows: [{ a: 1 }] } });
    await client.inference.classifyBy({ name: 'iris', body: 'a,b\n1,2\n' });
    await client.inference.upload({ name: 'mine', body: new Uint8Array([1, 2]), contentType: 'application/onnx' });
    expect(asked.map(({ url, headers }) => [new URL(url).pathname, headers.get('content-type')])).toEqual([
      ['/base/model/classify', 'application/json'],
      ['/base/models/iris/classify', 'text/csv'],
      ['/base/models', 'application/onnx'],
    ]);
    expect(asked[2]?.url).toMatch(/\?name=mine$/);
    expect(await asked[0]?.json()).toEqual({ rows: [{ a: 1 }] });
    expect(await asked[1]?.text()).toBe('a,b\n1,2\n');
  });

  it('sends files as a form under their names, fields before them', async () => {
    const { client, asked } = clientOf(json({}));
    await client.inference.upload({ file: new Uint8Array([1, 2, 3]), name: 'mine', metadata: '{"labels":["a"]}' });
    await client.images.uploadBatch({ files: [new File(['x'], 'a.png', { type: 'image/png' }), new Blob(['y'])] });
    const form = (await asked[0]?.formData()) ?? new FormData();
    expect([...form.keys()]).toEqual(['name', 'metadata', 'file']);
    expect(await (form.get('file') as File).arrayBuffer()).toHaveProperty('byteLength', 3);
    expect(asked[0]?.url).toBe('http://vindima.example/base/models');
    const files = (await asked[1]?.formData())?.getAll('files') as File[];
    expect(files.map(({ name, type }) => [name, type])).toEqual([
      ['a.png', 'image/png'],
      ['files', 'application/octet-stream'],
    ]);
  });

  it('throws what the platform refuses', async () => {
    const body = { error: 'Too many.', status_code: 429, code: 'gateway.too_many_requests', details: { limit: 1 } };
    const { client } = clientOf(json(body, 429));
    const error = await client.wine.listSeries().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VindimaError);
    expect(error).toMatchObject({
      message: 'Too many.',
      status: 429,
      code: 'gateway.too_many_requests',
      details: { limit: 1 },
      requestId: 'r-1',
      retryAfter: 7,
    });
  });

  it('throws also what a proxy in between answers', async () => {
    const { client } = clientOf(() => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    const answer = client.wine.listSeries();
    await expect(answer).rejects.toMatchObject({ status: 502, code: 'http.502', details: {}, requestId: undefined });
  });

  it('gives files, and what is no JSON as the whole answer', async () => {
    const csv = () => new Response('year\n2020\n', { headers: { 'content-type': 'text/csv' } });
    const { client } = clientOf(csv);
    expect(await (await client.images.getFile({ id: 1 })).text()).toBe('year\n2020\n');
    const args = { id: 'production', format: 'csv' } as const;
    expect(await (await client.wine.getSeries.response(args)).text()).toBe('year\n2020\n');
    await expect(client.wine.getSeries(args)).rejects.toThrow('wine.getSeries.response()');
  });

  it('gives nothing for an answer without a body', async () => {
    const { client } = clientOf(() => new Response(null, { status: 204 }));
    expect(await client.images.delete({ id: 1 })).toBeUndefined();
  });

  it('gives events one after another, however they are cut, and ends the connection when the loop is left', async () => {
    const parts = [
      ': hello\n\nid: 1\nda',
      'ta: {"a":"é"}\n',
      '\nid: 2\r',
      '\nevent: job\r\ndata: [1,\r\ndata: 2]\r\n\r\nid: 3\n',
      'data: 3\n\n',
    ];
    let cancelled = false;
    const stream = new ReadableStream({
      start: (controller) => {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const { client } = clientOf(() => new Response(stream));
    const seen: unknown[] = [];
    for await (const event of client.gateway.watchEvents({ subject: 'events.>', lastEventId: '0' })) {
      seen.push(event);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([
      { id: '1', type: 'message', data: { a: 'é' } },
      { id: '2', type: 'job', data: [1, 2] },
      { id: '3', type: 'message', data: 3 },
    ]);
    expect(cancelled).toBe(true);
  });

  it('refuses arguments that it does not know, that are missing, and that would be another path', async () => {
    const { client, asked } = clientOf(json({}));
    await expect(client.wine.getSeries({ id: 'a', yearFrom: 1 } as never)).rejects.toThrow(
      /^wine.getSeries has no argument yearFrom; it has id, year_from/,
    );
    await expect(client.wine.getSeries({} as never)).rejects.toThrow('wine.getSeries needs the argument id.');
    for (const id of ['', '.', '..']) await expect(client.wine.getSeries({ id })).rejects.toThrow(TypeError);
    expect(asked).toEqual([]);
  });

  it('is typed by the contracts', () => {
    type Series = Client['wine']['getSeries'];
    expectTypeOf<Series>().toBeCallableWith({ id: 'production' });
    expectTypeOf<Awaited<ReturnType<Series>>['items'][number]['year']>().toEqualTypeOf<number>();
    expectTypeOf<Awaited<ReturnType<Client['images']['delete']>>>().toEqualTypeOf<undefined>();
    const wrong = (client: Client) => {
      // @ts-expect-error the series is needed
      void client.wine.getSeries();
      // @ts-expect-error years are numbers
      void client.wine.getSeries({ id: 'production', year_from: '2020' });
      // @ts-expect-error there is no such parameter
      void client.wine.getSeries({ id: 'production', yearFrom: 2020 });
      // @ts-expect-error the user name is needed
      void client.gateway.login({ password: 'x' });
      // @ts-expect-error the answer has no such field
      void client.wine.listSeries().then(({ rows }) => rows);
    };
    expect(wrong).toBeTypeOf('function');
  });
});
