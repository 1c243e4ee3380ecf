import { describe, expect, it, onTestFinished } from 'vitest';
import { networkOf } from '../../src/access/network-of.ts';
import { asAdmin, asKey, startGateway } from '../support/gateway.ts';

describe('rate limits', () => {
  it('count per key, user and address, and say how much is left', async () => {
    const gateway = await startGateway({ RATE_LIMIT: '10' });
    onTestFinished(() => gateway.stop());
    const admin = await asAdmin(gateway.url);
    const key = await asKey(gateway.url, 'wine:read');
    const call = (headers = {}) => fetch(`${gateway.url}/auth/me`, { headers });
    const first = await call(key.headers);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'ratelimit-policy': '"default";q=10;w=60',
      ratelimit: expect.stringMatching(/^"default";r=9;t=\d+$/),
      'ratelimit-limit': '10',
      'ratelimit-remaining': '9',
    });
    for (let count = 0; count < 9; count++) expect((await call(key.headers)).status).toBe(200);
    const refused = await call(key.headers);
    expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'gateway.too_many_requests' }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit')).toMatch(/;r=0;/);
    // Others have their own.
    expect((await call(admin)).status).toBe(200);
    expect((await call()).status).toBe(200);
  });

  it('count unknown paths and wrong credentials too, and never the health', async () => {
    const gateway = await startGateway({ RATE_LIMIT: '5' });
    onTestFinished(() => gateway.stop());
    const statuses: number[] = [];
    for (let count = 0; count < 7; count++) {
      const headers = { authorization: 'Bearer wrong' };
      statuses.push((await fetch(`${gateway.url}/${count % 2 === 0 ? 'users' : 'nothing'}`, { headers })).status);
    }
    expect(statuses).toEqual([401, 404, 401, 404, 401, 429, 429]);
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  });

  it('count an IPv6 address as its network', () => {
    expect(networkOf('198.51.100.7')).toBe('198.51.100.7');
    expect(networkOf('::ffff:198.51.100.7')).toBe('198.51.100.7');
    expect(networkOf('2001:db8:0:1::7')).toBe('2001:db8:0:1::/64');
    expect(networkOf('2001:0db8::1')).toBe('2001:db8:0:0::/64');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  });
});

describe('pages of other sites', () => {
  it('may call with credentials when CORS_ORIGINS names them, and read nothing otherwise', async () => {
    const gateway = await startGateway({ CORS_ORIGINS: 'https://console.example, https://other.example' });
    onTestFinished(() => gateway.stop());
    const preflight = (origin: string) =>
      fetch(`${gateway.url}/wine/ingestions`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    const allowed = await preflight('https://console.example');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://console.example',
    ]);
    const refused = await preflight('https://evil.example');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    const answer = await fetch(`${gateway.url}/users`, { headers: { origin: 'https://other.example' } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, 'https://other.example']);
  });

  it('are not answered for at all without CORS_ORIGINS', async () => {
    const gateway = await startGateway();
    onTestFinished(() => gateway.stop());
    const answer = await fetch(`${gateway.url}/health`, { headers: { origin: 'https://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('proxies before the gateway', () => {
  it('are believed about the client when TRUSTED_PROXIES names them', async () => {
    const call = async (trusted: string | undefined) => {
      const gateway = await startGateway({ RATE_LIMIT: '3', TRUSTED_PROXIES: trusted });
      onTestFinished(() => gateway.stop());
      const statuses: number[] = [];
      for (let count = 0; count < 5; count++) {
        const headers = { 'x-forwarded-for': `198.51.100.${count}` };
        statuses.push((await fetch(`${gateway.url}/auth/me`, { headers })).status);
      }
      return statuses;
    };
    expect(await call('127.0.0.1')).toEqual([200, 200, 200, 200, 200]);
    expect(await call(undefined)).toEqual([200, 200, 200, 429, 429]);
  });
});
