import type { RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword, asKey, type StandIn, startGateway, startStandIn } from '../support/gateway.ts';

const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

describe('Basic authentication', () => {
  let service: StandIn;
  let gateway: RunningService;
  let key: string;
  beforeAll(async () => {
    service = await startStandIn((_, response) => response.end('[]'));
    gateway = await startGateway({ WINE_URL: service.url, PUBLIC_URL: 'https://data.example/vindima' });
    key = (await asKey(gateway.url, 'wine:write')).headers['x-api-key'];
  });
  afterAll(async () => {
    await gateway?.stop();
    await service?.stop();
  });
  const ask = (headers: Record<string, string>, path = '/producaoCSV', method = 'GET') =>
    fetch(`${gateway.url}${path}`, { method, headers });

  it('lets a key in as the password, with any user name', async () => {
    for (const name of ['', 'ana', 'key', 'ação']) expect((await ask(basic(name, key))).status).toBe(200);
    expect((await ask(basic('ana', key), '/images')).status).toBe(403);
    expect((await ask(basic('ana', key), '/wine/ingestions', 'POST')).status).toBe(200);
  });

  it('takes no password of a person, and nothing that is no key', async () => {
    for (const headers of [
      basic('admin', adminPassword),
      basic('ana', `${key.slice(0, -1)}_`),
      basic(key, ''),
      { authorization: 'Basic' },
      { authorization: 'Basic !!!' },
      { authorization: `Digest ${key}` },
    ]) {
      const answer = await ask(headers);
      expect([headers, answer.status]).toEqual([headers, 401]);
      // A browser would show a window for a password.
      expect(answer.headers.get('www-authenticate')).not.toMatch(/basic/i);
    }
  });

  it('changes nothing for a page of another site, whose browser may send it by itself', async () => {
    const change = async (headers: Record<string, string>) =>
      (await ask({ ...basic('ana', key), ...headers }, '/wine/ingestions', 'POST')).status;
    expect(await change({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await change({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await change({ origin: 'https://evil.example' })).toBe(403);
    expect(await change({ origin: 'null' })).toBe(403);
    expect(await change({ origin: new URL(gateway.url).origin })).toBe(200);
    expect(await change({ origin: 'https://data.example' })).toBe(200);
    expect(await change({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    // A page that has the key may send it from anywhere, where CORS lets it.
    const known = await ask({ 'x-api-key': key, origin: 'https://a.example' }, '/wine/ingestions', 'POST');
    expect(known.status).toBe(200);
  });
});
