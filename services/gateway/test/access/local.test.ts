import { request } from 'node:http';
import type { RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

describe('AUTH=local', () => {
  let gateway: RunningService;
  let own: string;
  beforeAll(async () => {
    gateway = await startGateway({ AUTH: 'local' });
    own = new URL(gateway.url).host;
  });
  afterAll(() => gateway?.stop());

  /** fetch would not let us set these headers. */
  const call = (headers: Record<string, string>, method = 'GET', path = '/users') =>
    new Promise<number>((resolve, reject) => {
      const outgoing = request(`${gateway.url}${path}`, { method, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      outgoing.on('error', reject);
      outgoing.end();
    });

  it('lets programs of this machine in without credentials, and its own page', async () => {
    const port = own.split(':')[1];
    expect(await call({})).toBe(200);
    expect(await call({ host: `localhost:${port}` })).toBe(200);
    expect(await call({ origin: `http://${own}`, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })).toBe(
      200,
    );
    expect(await call({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' })).toBe(
      200,
    );
  });

  it('lets somebody follow a link from elsewhere, which changes nothing', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(await call(link)).toBe(200);
    expect(await call(link, 'POST')).toBe(401);
    expect(await call({ ...link, 'sec-fetch-dest': 'iframe' })).toBe(401);
  });

  it('keeps pages of other sites out', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:3000' },
      { origin: `https://${own}` },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
    ]) {
      expect([headers, await call(headers)]).toEqual([headers, 401]);
    }
  });

  it('keeps out names that somebody has pointed at this machine, and what a proxy passes on', async () => {
    for (const headers of [
      { host: 'evil.example' },
      { host: `evil.example:${own.split(':')[1]}` },
      { host: '127.0.0.1.evil.example' },
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
    ]) {
      expect([headers, await call(headers)]).toEqual([headers, 401]);
    }
  });

  it('does not let wrong credentials pass as none', async () => {
    expect(await call({ authorization: 'Bearer wrong' })).toBe(401);
    expect(await call({ authorization: 'Basic YWRtaW46YWRtaW4=' })).toBe(401);
    expect(await call({ 'x-api-key': 'wrong' })).toBe(401);
  });
});
