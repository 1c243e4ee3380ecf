import { type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Page, ServiceError } from '@vindima/contracts';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type App, createApp } from '../src/http/app.ts';
import { registerHealth } from '../src/http/health.ts';
import { registerMetrics } from '../src/http/metrics.ts';
import { sendEvents } from '../src/http/sse.ts';
import { createLogger } from '../src/logger.ts';

const lines: string[] = [];
const logger = createLogger({
  name: 'test',
  level: 'debug',
  destination: { write: (line: string) => void lines.push(line) },
});
const Body = Type.Object({ size: Type.Integer({ minimum: 1 }), force: Type.Optional(Type.Boolean()) });

let app: App;
beforeEach(async () => {
  lines.length = 0;
  app = await createApp({
    name: 'test',
    title: 'Test',
    description: 'A test',
    version: '1.0.0',
    logger,
    bodyLimit: 1000,
  });
  registerMetrics(app as never, 'test');
  app.get(
    '/things',
    { schema: { querystring: Type.Object({ limit: Type.Optional(Type.Integer()) }) } },
    async (request) => request.query,
  );
  app.get('/typed', { schema: { response: { 200: Page(Type.String()) } } }, async () => ({
    items: ['a'],
    next_cursor: null,
  }));
  app.post('/things', { schema: { body: Body } }, async (request) => request.body);
  app.post('/models', { schema: { body: Body }, config: { invalidBodyStatus: 422 } }, async (request) => request.body);
  app.post('/anything', async (request) => ({ body: request.body === undefined ? 'none' : request.body }));
  app.get('/refuse', async () => {
    throw new ServiceError(429, 'test.busy', 'Too much at once.', {
      details: { limit: 3 },
      headers: { 'retry-after': '7' },
    });
  });
  app.get('/break', async () => {
    throw new Error('the password is hunter2');
  });
  app.get('/large', async () => ({ text: 'abc'.repeat(2000) }));
});
afterEach(() => app.close());

describe('every service', () => {
  it('answers an error in the one agreed form, with its headers', async () => {
    const response = await app.inject('/refuse');
    expect(response.statusCode).toBe(429);
    expect(response.headers['retry-after']).toBe('7');
    expect(response.json()).toEqual({
      error: 'Too much at once.',
      status_code: 429,
      code: 'test.busy',
      details: { limit: 3 },
      request_id: response.headers['x-request-id'],
    });
  });

  it('shows nothing of an unexpected error, and logs it under the request id', async () => {
    const response = await app.inject({ url: '/break', headers: { 'x-request-id': 'abc-1' } });
    expect(response.json()).toMatchObject({ status_code: 500, code: 'test.unexpected', request_id: 'abc-1' });
    expect(response.body).not.toContain('hunter2');
    expect(lines.some((line) => line.includes('hunter2') && line.includes('abc-1'))).toBe(true);
  });

  it('takes a client that goes in the middle of its request for no error of its own', async () => {
    const base = await app.listen({ port: 0 });
    const client = request(`${base}/things`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '100' },
    });
    client.on('error', () => {});
    client.write('{"size":', () => client.destroy());
    await vi.waitFor(() => expect(lines.join('')).toContain('the client went before its request was here'));
    expect(lines.join('')).not.toContain('test.unexpected');
  });

  it.each(['/things', '/things/', '/things?limit=5'])('ignores a slash at the end (%s)', async (url) => {
    expect((await app.inject(url)).statusCode).toBe(200);
  });

  it('reads numbers from the query, and refuses a parameter that it does not know', async () => {
    expect((await app.inject('/things?limit=5')).json()).toEqual({ limit: 5 });
    const response = await app.inject('/things?limt=5');
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toBe('The request is not valid: query.limt is not known (did you mean limit?).');
  });

  it('takes a body as it is, without making numbers of texts', async () => {
    const response = await app.inject({ method: 'POST', url: '/things', payload: { size: '3' } });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      code: 'test.invalid_request',
      details: { problems: [{ path: 'body.size', message: 'must be integer' }] },
    });
  });

  it('answers 422 to an invalid body where existing clients expect that', async () => {
    expect((await app.inject({ method: 'POST', url: '/models', payload: {} })).statusCode).toBe(422);
  });

  it.each([
    ['not JSON', '{"size":', 'application/json', 400],
    ['a prototype in JSON', '{"__proto__":{"size":1}}', 'application/json', 400],
    ['too large', JSON.stringify({ size: 1, pad: 'x'.repeat(2000) }), 'application/json', 413],
    ['another type', 'size=1', 'application/x-www-form-urlencoded', 415],
    ['a text', 'size=1', 'text/plain', 415],
    ['no body where one is needed', '', 'application/json', 400],
  ])('refuses a body that is %s', async (_, payload, type, status) => {
    const response = await app.inject({ method: 'POST', url: '/things', payload, headers: { 'content-type': type } });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ status_code: status, code: expect.stringMatching(/^test\./) });
  });

  it.each([
    ['/%zz', 400, 'test.malformed_request'],
    [`/by-name/${'x'.repeat(600)}`, 414, 'test.path_too_long'],
  ])('has the same form for a path that no route can be looked up for', async (url, status, code) => {
    app.get('/by-name/:name', async () => ({}));
    const response = await app.inject(url);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({
      status_code: status,
      code,
      error: expect.stringMatching(/\.$/),
      request_id: response.headers['x-request-id'],
    });
  });

  it.each([
    ['no HTTP', 'GARBAGE\r\n\r\n', 400, 'test.malformed_request'],
    ['headers that are too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'test.headers_too_large'],
  ])('has the same form for %s, and ends the connection', async (_, sent, status, code) => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(sent);
    await closed;
    const [head = '', body = ''] = received.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body)).toMatchObject({ status_code: status, code, details: {} });
    expect(head).toContain(`x-request-id: ${JSON.parse(body).request_id}`);
  });

  it('takes an empty JSON body for none', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/anything',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.json()).toEqual({ body: 'none' });
  });

  it('takes a body of chunks that turns out to be empty for none, and refuses one of an unknown type', async () => {
    const base = await app.listen({ port: 0 });
    const send = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${base}/anything`, { method: 'POST', body: new Blob([body]).stream(), duplex: 'half', headers });
    for (const headers of [{}, { 'content-type': 'application/x-unknown' }]) {
      const empty = await send('', headers);
      expect([empty.status, await empty.json()]).toEqual([200, { body: 'none' }]);
      const refused = await send('x', headers);
      expect([refused.status, await refused.json()]).toMatchObject([415, { code: 'test.unsupported_media_type' }]);
    }
  });

  it('answers 404 for an unknown path, in the agreed form', async () => {
    expect((await app.inject('/nowhere')).json()).toMatchObject({ status_code: 404, code: 'test.unknown_path' });
  });

  it.each(['TRACE', 'QUERY', 'PUT', 'DELETE', 'PROPFIND'])(
    'answers %s where a path has other methods with 405',
    async (method) => {
      const { port } = new URL(await app.listen({ port: 0 }));
      const ask = (path: string, headers = {}) =>
        new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
          const asked = request({ port, path, method, headers }, (response) => {
            let body = '';
            response.on('data', (chunk) => {
              body += chunk;
            });
            response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
          });
          asked.on('error', reject);
          asked.end();
        });
      const answer = await ask('/things/?limit=1');
      expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
      expect(JSON.parse(answer.body)).toMatchObject({
        code: 'test.method_not_allowed',
        details: { allowed: ['GET', 'HEAD', 'POST'] },
      });
      expect((await ask('/nowhere')).status).toBe(404);
      expect((await ask('/health', { 'content-type': 'text/plain' })).status).toBe(404);
    },
  );

  it('compresses large answers for those who can read it', async () => {
    const response = await app.inject({ url: '/large', headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers['content-encoding']).toBe('gzip');
    expect(response.rawPayload.length).toBeLessThan(500);
  });

  it('documents itself as OpenAPI 3.1', async () => {
    const document = (await app.inject('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/things');
    expect((await app.inject('/docs')).statusCode).toBe(200);
  });

  it('counts requests by route, not by path', async () => {
    await app.inject('/typed');
    await app.inject('/nowhere/1');
    const { body } = await app.inject('/metrics');
    expect(body).toMatch(/_count\{(?=.*route="\/typed")(?=.*status="200")(?=.*service="test").*\} 1$/m);
    expect(body).not.toContain('/nowhere');
  });
});

describe('the health of a service', () => {
  it('is ready only while everything it needs is, and says what is not', async () => {
    let failing = false;
    registerHealth(
      app,
      { name: 'test', version: '1.0.0' },
      new Map([
        ['database', async () => {}],
        ['messages', async () => (failing ? Promise.reject(new Error('no connection')) : undefined)],
      ]),
    );
    expect((await app.inject('/health/ready')).json()).toMatchObject({ status: 'ok', checks: { database: 'ok' } });
    failing = true;
    const response = await app.inject('/health/ready');
    expect(response.statusCode).toBe(503);
    expect(response.json().checks).toEqual({ database: 'ok', messages: 'no connection' });
    expect((await app.inject('/health/live')).statusCode).toBe(200);
  });
});

describe('a service with an internal token', () => {
  it('answers only calls that carry it, but load balancers and readers of its documents too', async () => {
    const guarded = await createApp({
      name: 'test',
      title: 'T',
      description: '',
      version: '1',
      logger,
      internalTokens: ['secret-1', 'secret-0'],
    });
    registerHealth(guarded, { name: 'test', version: '1' }, new Map());
    guarded.get('/things', async () => 'yes');
    expect((await guarded.inject('/things')).statusCode).toBe(401);
    expect((await guarded.inject({ url: '/things', headers: { 'x-internal-token': 'secret-2' } })).statusCode).toBe(
      401,
    );
    expect((await guarded.inject({ url: '/things', headers: { 'x-internal-token': 'secret-1' } })).statusCode).toBe(
      200,
    );
    // The value before, while every process gets the new one.
    expect((await guarded.inject({ url: '/things', headers: { 'x-internal-token': 'secret-0' } })).statusCode).toBe(
      200,
    );
    expect((await guarded.inject('/health/live')).statusCode).toBe(200);
    expect((await guarded.inject('/openapi.json')).statusCode).toBe(200);
    expect((await guarded.inject('/docsthings')).statusCode).toBe(401);
    await guarded.close();
  });
});

describe('server-sent events', () => {
  it('are sent as they come, and end when the server closes', async () => {
    app.get('/events', (request, reply) =>
      sendEvents(request, reply, async function* (signal) {
        yield { event: 'job', id: '1', data: { state: 'running' } };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }),
    );
    const url = await app.listen({ port: 0 });
    const response = await fetch(`${url}/events`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = response.text();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await app.close();
    expect(await text).toBe(':\n\nevent: job\nid: 1\ndata: {"state":"running"}\n\n');
  });
});

describe('a service that closes', () => {
  it('finishes the answer that it is giving, and keeps no connection alive after it', async () => {
    const release = Promise.withResolvers<void>();
    app.get('/slow', async (_, reply) => {
      await release.promise;
      return reply.send('whole');
    });
    const url = await app.listen({ port: 0 });
    const answer = fetch(`${url}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = app.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    release.resolve();
    expect((await answer).status).toBe(200);
    await closed;
  });
});

describe('an answer that comes before the end of the body', () => {
  const refused = async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(
      'POST /things HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n',
    );
    socket.write(Buffer.alloc(450_000, 'x'));
    await vi.waitFor(() => expect(received).toContain('413'));
    return { socket, closed, received: () => received };
  };

  it('reaches the client, which may go on to its next request', async () => {
    const { socket, received } = await refused();
    socket.write(Buffer.alloc(450_000, 'x'));
    socket.write('GET /things?limit=7 HTTP/1.1\r\nHost: test\r\n\r\n');
    await vi.waitFor(() => expect(received()).toContain('{"limit":7}'));
    socket.destroy();
  });

  it('ends the connection of a client that sends no more', { timeout: 15_000 }, async () => {
    await (await refused()).closed;
  });
});
