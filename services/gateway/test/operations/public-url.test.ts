import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asSeenOutside } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

/** A proxy that serves the gateway below `/vindima`, and nothing beside it. */
const startProxy = async (target: string, strips: boolean): Promise<Server> => {
  const proxy = createServer((incoming, outgoing) => {
    const url = incoming.url ?? '/';
    if (!/^\/vindima(\/|$)/.test(url)) return void outgoing.writeHead(404).end();
    const path = strips ? url.slice('/vindima'.length) || '/' : url;
    const passed = request(`${target}${path}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return proxy;
};

describe.each([
  ['takes the path off', true],
  ['leaves the path on', false],
])('below a path, where the proxy %s', (_, strips) => {
  let gateway: Awaited<ReturnType<typeof startGateway>>;
  let proxy: Server;
  let outside: string;
  beforeAll(async () => {
    gateway = await startGateway({ PUBLIC_URL: 'https://host.example/vindima/' });
    proxy = await startProxy(gateway.url, strips);
    outside = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await gateway.stop();
  });

  it.each(['/vindima', '/vindima/', '/vindima/docs', '/vindima/docs/gateway'])(
    '%s and everything that it loads is there',
    async (path) => {
      const page = await (await fetch(outside + path)).text();
      const links = [...page.matchAll(/(?:href|src|data-document)="([^"#]+)"/g)].flatMap(([, link]) => link ?? []);
      expect(links.length).toBeGreaterThan(3);
      for (const link of links) {
        const { status } = await fetch(new URL(link, outside + path));
        expect([link, status]).toEqual([link, 200]);
      }
    },
  );

  it('documents say where the platform is', async () => {
    const { servers } = (await (await fetch(`${outside}/vindima/openapi.json`)).json()) as { servers: unknown };
    expect(servers).toEqual([{ url: 'https://host.example/vindima' }]);
  });

  it('the page knows where to ask', async () => {
    expect(await (await fetch(`${outside}/vindima/`)).text()).toContain('data-base="/vindima"');
    expect((await fetch(`${outside}/vindima/auth/me`)).status).toBe(200);
  });
});

it('paths in headers are those that are seen outside, and addresses stay as they are', () => {
  expect(asSeenOutside('location', '/jobs/1', '/vindima')).toBe('/vindima/jobs/1');
  expect(asSeenOutside('location', '//other.example/x', '/vindima')).toBe('//other.example/x');
  expect(asSeenOutside('location', 'https://other.example/x', '/vindima')).toBe('https://other.example/x');
  expect(asSeenOutside('link', '</images?cursor=1>; rel="next"', '/vindima')).toBe(
    '</vindima/images?cursor=1>; rel="next"',
  );
  expect(asSeenOutside('location', '/jobs/1', '')).toBe('/jobs/1');
});
