import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ServiceError } from '@vindima/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { createUpstreamClient } from '../src/index.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const serve = async (listener: RequestListener) => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const client = () => {
  const created = createUpstreamClient();
  closing.unshift(created.close);
  return created;
};

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServiceError);
  return error as ServiceError;
};

describe('a request to an upstream', () => {
  it('is tried again after a 500 until it succeeds', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      response.statusCode = ++calls < 3 ? 500 : 200;
      response.end('ok');
    });
    const response = await client().request({ upstream: 'Test', url });
    expect(response.body.toString()).toBe('ok');
    expect(calls).toBe(3);
  });

  it('waits as long as Retry-After says', async () => {
    const times: number[] = [];
    const url = await serve((_, response) => {
      times.push(performance.now());
      response.writeHead(times.length === 1 ? 429 : 200, { 'retry-after': '1' }).end();
    });
    await client().request({ upstream: 'Test', url });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950);
  });

  it('fails with the name of the upstream, the URL and the attempts, without credentials', async () => {
    const url = await serve((_, response) => response.writeHead(503).end());
    const error = await failure(
      client().request({ upstream: 'Test', url: `${url.replace('//', '//user:secret@')}/rates?a=1`, retries: 1 }),
    );
    expect(error.status).toBe(502);
    expect(error.message).toContain('Test failed: it answered 503');
    expect(error.details).toMatchObject({
      upstream: 'Test',
      url: `${url}/rates?a=1`,
      attempts: 2,
      upstream_status: 503,
    });
  });

  it('does not repeat a POST, nor a refusal', async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      calls++;
      response.writeHead(request.method === 'POST' ? 500 : 404).end();
    });
    await failure(client().request({ upstream: 'Test', url, method: 'POST', body: '{}' }));
    await failure(client().request({ upstream: 'Test', url }));
    expect(calls).toBe(2);
  });

  it('gives up on a server that hangs, before and after the headers', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/body') response.writeHead(200, { 'content-length': '10' }).write('1');
    });
    for (const path of ['/head', '/body']) {
      const error = await failure(client().request({ upstream: 'Test', url: url + path, timeoutMs: 100, retries: 0 }));
      expect([error.status, error.code]).toEqual([504, 'upstream.timeout']);
    }
  });

  it('does not take a body that was cut short for a whole one', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    const error = await failure(client().request({ upstream: 'Test', url, retries: 0 }));
    expect(error.code).toBe('upstream.failed');
  });

  it('bounds a body by its decoded size', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000)));
    });
    const error = await failure(client().request({ upstream: 'Test', url, maximumBytes: 10_000 }));
    expect(error.message).toContain('larger than 10000 bytes');
  });

  it('decodes gzip and follows redirects', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(302, { location: '/new' }).end();
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello'));
    });
    const response = await client().request({ upstream: 'Test', url: `${url}/old` });
    expect(response.body.toString()).toBe('hello');
    expect(response.url).toBe(`${url}/new`);
  });

  it('ends at once when its signal is aborted', async () => {
    const url = await serve(() => {});
    const controller = new AbortController();
    const pending = client().request({ upstream: 'Test', url, signal: controller.signal });
    controller.abort(new Error('stopping'));
    await expect(pending).rejects.toThrow('stopping');
  });
});
