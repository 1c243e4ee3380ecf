import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asAdmin, type StandIn, startGateway, startStandIn, until } from '../support/gateway.ts';

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

describe.each([
  ['over the network', false],
  ['in the same process', true],
])('the proxy to a service %s', (_, isNeighbour) => {
  let service: StandIn;
  let gateway: RunningService;
  let auth: { authorization: string };
  let behave: Behaviour;
  let seen: IncomingMessage[];

  beforeAll(async () => {
    service = await startStandIn((request, response) => {
      seen.push(request);
      behave(request, response);
    });
    gateway = await startGateway(
      {
        WINE_URL: service.url,
        DATASETS_URL: service.url,
        INTERNAL_TOKEN: 'the token between gateway and services',
        MAX_UPLOAD_BYTES: '1000000',
      },
      { neighbours: isNeighbour ? [service] : [] },
    );
    auth = await asAdmin(gateway.url);
  });
  beforeEach(() => {
    seen = [];
    behave = (_, response) => response.end('{}');
  });
  afterAll(async () => {
    await gateway?.stop();
    await service?.stop();
  });
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`${gateway.url}${path}`, { ...init, headers: { ...auth, ...init.headers } });
  const upload = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
    get('/api/upload', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

  it('passes path, query, status, headers and body through unchanged', async () => {
    behave = (_, response) => {
      response.writeHead(206, { 'content-type': 'text/csv', 'x-total-count': '7', 'set-cookie': ['a=1', 'b=2'] });
      response.end('year;quantity\n');
    };
    const answer = await get('/wine/series/production?from=1990&name=S%C3%A3o%20Paulo');
    expect([answer.status, await answer.text()]).toEqual([206, 'year;quantity\n']);
    expect(answer.headers.get('content-type')).toBe('text/csv');
    expect(answer.headers.get('x-total-count')).toBe('7');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(seen[0]?.url).toBe('/wine/series/production?from=1990&name=S%C3%A3o%20Paulo');
  });

  it('answers HEAD without a body, and paths with a slash at their end', async () => {
    behave = (_, response) => response.writeHead(200, { 'content-length': '12345' }).end();
    const answer = await get('/producaoCSV/', { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '12345', '']);
    expect([seen[0]?.method, seen[0]?.url]).toEqual(['HEAD', '/producaoCSV/']);
  });

  it('does not know what no rule names, however the path is written', async () => {
    for (const path of [
      '/metrics',
      '/health/ready',
      '/internal',
      '/wine/series/a/b',
      '/producaoCSV/../metrics',
      '//metrics',
    ]) {
      await get(path);
    }
    expect(seen).toEqual([]);
  });

  it('strips credentials and what belongs to one connection, and says who calls', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const lines = [
      'GET /producaoCSV HTTP/1.1',
      'Host: vindima.example',
      `Authorization: ${auth.authorization}`,
      'Cookie: session=1',
      'Connection: keep-alive, X-Hop',
      'X-Hop: secret',
      'TE: trailers',
      'X-Internal-Token: guessed',
      'X-Vindima-User: user:root',
      'X-Vindima-Role: viewer',
      'X-Vindima-Scopes: nothing:read',
      'X-Real-IP: 10.0.0.1',
      'Via: 1.1 elsewhere',
      'X-Forwarded-For: 10.0.0.1',
      'X-Request-Id: my-request',
      'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'Accept-Language: pt',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const { headers } = await until(() => seen[0]);
    socket.destroy();
    expect(headers).toMatchObject({
      'x-internal-token': 'the token between gateway and services',
      'x-vindima-user': 'user:admin',
      'x-vindima-role': 'admin',
      'x-vindima-scopes': '*:write',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'vindima.example',
      'x-request-id': 'my-request',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'accept-language': 'pt',
    });
    for (const name of ['authorization', 'cookie', 'x-hop', 'te', 'x-real-ip', 'via'])
      expect(headers).not.toHaveProperty(name);
  });

  it('begins a trace and names the request where the client did not', async () => {
    const answer = await get('/producaoCSV');
    const name = answer.headers.get('x-request-id');
    expect(seen[0]?.headers['x-request-id']).toBe(name);
    expect(seen[0]?.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(seen[0]?.headers.traceparent).toContain(`00-${name?.replaceAll('-', '')}-`);
  });

  it('begins a trace of another name where the client named the request', async () => {
    const again = { headers: { ...auth, 'x-request-id': '00000000-0000-0000-0000-000000000000' } };
    for (let count = 0; count < 2; count++) await (await fetch(`${gateway.url}/producaoCSV`, again)).text();
    const traces = seen.map(({ headers }) => String(headers.traceparent).split('-')[1]);
    expect(new Set(traces).size).toBe(2);
    expect(traces).not.toContain('0'.repeat(32));
  });

  it('puts its security headers on what services answer', async () => {
    behave = (_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html', 'content-security-policy': 'default-src *', vary: 'accept' })
        .end('<script>');
    const { headers } = await get('/producaoCSV');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect([headers.get('x-content-type-options'), headers.get('vary')]).toEqual(['nosniff', 'accept']);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  it('says how much of the limit is left, whatever the service says of it', async () => {
    behave = (_, response) =>
      response.writeHead(200, { ratelimit: '"own";r=1;t=1', 'x-request-id': 'own', 'ratelimit-limit': '7' }).end('{}');
    const { headers } = await get('/producaoCSV');
    expect(headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+$/);
    expect(headers.get('ratelimit-policy')).toBe(`"default";q=${headers.get('ratelimit-limit')};w=60`);
    expect(headers.get('x-request-id')).toBe(seen[0]?.headers['x-request-id']);
  });

  it('streams an answer while it is being made', async () => {
    let finish = () => {};
    behave = (_, response) => {
      response.write('first');
      finish = () => response.end(' last');
    };
    const reader = (await get('/producaoCSV')).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
    finish();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(' last');
  });

  it('streams an upload while it is being sent, with and without a length', async () => {
    const sizes: number[] = [];
    behave = (request, response) => {
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      request.on('end', () => {
        sizes.push(size);
        response.end('{}');
      });
    };
    let begun = false;
    const slow = new ReadableStream({
      async start(controller) {
        controller.enqueue(randomBytes(1000));
        // Not before the service has seen the first part.
        await until(() => (seen.length > 0 ? true : undefined));
        begun = true;
        controller.enqueue(randomBytes(2000));
        controller.close();
      },
    });
    await upload(slow);
    await upload(randomBytes(500_000));
    expect([begun, sizes]).toEqual([true, [3000, 500_000]]);
    expect(seen.map(({ headers }) => headers['content-length'])).toEqual([undefined, '500000']);
  });

  it('passes on a compressed body as it is, small and large', async () => {
    const got: [string | undefined, Buffer][] = [];
    behave = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        got.push([request.headers['content-encoding'], Buffer.concat(chunks)]);
        response.end('{}');
      });
    };
    for (const bytes of [100, 500_000]) {
      const compressed = gzipSync(randomBytes(bytes));
      const answer = await upload(compressed, { 'content-encoding': 'gzip' });
      expect(answer.status).toBe(200);
      expect(got.at(-1)).toEqual(['gzip', compressed]);
    }
  });

  it('refuses a body that is too large: a declared one before any of it, a chunked one as soon as it is', async () => {
    const declared = await upload(randomBytes(1_000_001));
    expect([declared.status, await declared.json()]).toMatchObject([
      413,
      { code: 'gateway.too_large', details: { maximum_bytes: 1_000_000 } },
    ]);
    expect(seen).toEqual([]);
    let cut = false;
    behave = (request) => {
      request.on('error', () => {
        cut = true;
      });
      request.resume();
    };
    const parts = new ReadableStream({
      pull: (controller) => controller.enqueue(randomBytes(50_000)),
    });
    const chunked = await upload(parts);
    expect(chunked.status).toBe(413);
    await until(() => (cut ? true : undefined));
  });

  it('takes no more than a form where no file is expected', async () => {
    const answer = await get('/api/process', { method: 'POST', body: randomBytes(16 * 1024 * 1024 + 1) });
    expect([answer.status, seen.length]).toEqual([413, 0]);
  });

  it("gives the service's early refusal of an upload to the client", async () => {
    behave = (_, response) => response.writeHead(415).end('{"error":"not a table"}');
    const answer = await upload(randomBytes(900_000));
    expect([answer.status, await answer.json()]).toEqual([415, { error: 'not a table' }]);
  });

  describe('after an early refusal', () => {
    const half = Buffer.alloc(450_000, 'x');
    const head = () => `Host: vindima\r\nAuthorization: ${auth.authorization}\r\n`;
    /** A client that has sent half of what it announced when the service refuses it. */
    const refused = async () => {
      behave = (request, response) =>
        request.url === '/api/upload' ? response.writeHead(415).end('{"error":"not a table"}') : response.end('next');
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString();
      });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(`POST /api/upload HTTP/1.1\r\n${head()}Content-Length: ${2 * half.length}\r\n\r\n`);
      socket.write(half);
      const receives = (text: string) => until(() => (received.includes(text) ? true : undefined));
      await receives('not a table');
      return { socket, receives, closed };
    };

    it('reads on from a client that goes on sending', async () => {
      const { socket, receives } = await refused();
      socket.write(half);
      socket.write(`GET /producaoCSV HTTP/1.1\r\n${head()}\r\n`);
      await receives('next');
      socket.destroy();
    });

    // In the same process that is the service's to do, and a stand-in is none: see the tests of service-kit.
    if (!isNeighbour) {
      it('lets go of a client that does not', { timeout: 15_000 }, async () => {
        await (await refused()).closed;
      });
    }
  });

  it('ends the call to the service when the client goes, before and during the answer', async () => {
    for (const begin of [false, true]) {
      let ended = false;
      behave = (_, response) => {
        response.on('close', () => {
          ended = true;
        });
        if (begin) response.write('some');
      };
      const asked = seen.length;
      const abort = new AbortController();
      const answer = get('/producaoCSV', { signal: abort.signal });
      answer.catch(() => {});
      await until(() => (seen.length > asked ? true : undefined));
      if (begin) await answer;
      abort.abort();
      await until(() => (ended ? true : undefined));
    }
  });

  it('ends the call to the service when the client goes in the middle of an upload', async () => {
    let ended = false;
    behave = (request) => {
      request.on('error', () => {
        ended = true;
      });
      request.resume();
    };
    const client = httpRequest(`${gateway.url}/api/upload`, {
      method: 'POST',
      headers: { ...auth, 'content-length': '900000' },
    });
    client.on('error', () => {});
    client.write(randomBytes(1000));
    await until(() => seen[0]);
    client.destroy();
    await until(() => (ended ? true : undefined));
  });

  it('cuts the connection when the service breaks off in the middle of its answer', async () => {
    behave = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('a part', () => response.socket?.destroy());
    };
    const answer = await get('/producaoCSV');
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  it('answers 503 naming the service where nobody listens, also to an upload, and serves the others', async () => {
    const answer = await get('/images', { method: 'POST', body: randomBytes(900_000) });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await answer.json()).toMatchObject({
      error: 'The service images is not available.',
      code: 'gateway.service_unavailable',
      details: { service: 'images' },
    });
    expect((await get('/producaoCSV')).status).toBe(200);
  });

  it('answers 503 naming the service that has stopped, and serves it again when it is back', async () => {
    const first = await startStandIn((_, response) => response.end('{}'));
    const own = await startGateway({ WINE_URL: first.url }, { neighbours: isNeighbour ? [first] : [] });
    const headers = await asAdmin(own.url);
    const ask = async () => (await fetch(`${own.url}/producaoCSV`, { headers })).status;
    expect(await ask()).toBe(200);
    await first.stop();
    expect(await ask()).toBe(503);
    const second = await startStandIn((_, response) => response.end('{}'), first.port);
    expect(await ask()).toBe(200);
    await second.stop();
    await own.stop();
  });

  it('says of what an answer depends, for the service and for itself', async () => {
    const page = 'https://notebook.example';
    const own = await startGateway(
      { WINE_URL: service.url, CORS_ORIGINS: page },
      { neighbours: isNeighbour ? [service] : [] },
    );
    const headers = { ...(await asAdmin(own.url)), origin: page };
    const behaviours: Behaviour[] = [
      (_, response) => response.writeHead(200, { vary: 'accept' }).end('{}'),
      (_, response) => response.setHeader('vary', 'accept').end('{}'),
    ];
    for (const each of behaviours) {
      behave = each;
      const answer = await fetch(`${own.url}/producaoCSV`, { headers });
      expect(answer.headers.get('vary')).toBe('accept, Origin');
      expect(answer.headers.get('access-control-allow-origin')).toBe(page);
    }
    await own.stop();
  });

  // The rest is about a connection between the two.
  if (isNeighbour) return;

  it('sends a small body to another replica when the first one refuses the connection', async () => {
    const nowhere = 'http://127.0.0.1:1';
    const two = await startGateway({ INFERENCE_URL: `${nowhere},${service.url}` });
    const bodies: string[] = [];
    behave = (request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
      request.on('end', () => response.end('{}'));
    };
    const headers = { ...(await asAdmin(two.url)), 'content-type': 'application/json' };
    for (const body of ['{"row":1}', '{"row":2}', '{"row":3}']) {
      const answer = await fetch(`${two.url}/model/classify`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
    }
    expect(bodies).toEqual(['{"row":1}', '{"row":2}', '{"row":3}']);
    await two.stop();
  });

  it('asks no service when the client goes before its small body is there', async () => {
    const client = httpRequest(`${gateway.url}/api/upload`, {
      method: 'POST',
      headers: { ...auth, 'content-length': '1000' },
    });
    const gone = new Promise((resolve) => client.once('close', resolve));
    client.on('error', () => {});
    client.write(randomBytes(10), () => client.destroy());
    await gone;
    expect((await upload(randomBytes(1000))).status).toBe(200);
    expect(seen.length).toBe(1);
  });

  it('answers 502 naming the service when it breaks off before it answers', async () => {
    behave = (request) => request.socket.destroy();
    const read = await get('/producaoCSV');
    expect([read.status, await read.json()]).toMatchObject([
      502,
      { code: 'gateway.service_failed', details: { service: 'wine' } },
    ]);
    const written = await upload(randomBytes(1000));
    expect([written.status, await written.json()]).toMatchObject([502, { details: { service: 'datasets' } }]);
  });

  it('answers 504 naming the service that does not answer in time', async () => {
    const impatient = await startGateway({ WINE_URL: service.url, UPSTREAM_TIMEOUT_SECONDS: '1' });
    behave = () => {};
    const answer = await fetch(`${impatient.url}/producaoCSV`, { headers: await asAdmin(impatient.url) });
    expect([answer.status, await answer.json()]).toMatchObject([504, { code: 'gateway.service_timeout' }]);
    await impatient.stop();
  });
});
