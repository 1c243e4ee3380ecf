import type { RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword, json, type StandIn, startGateway, startStandIn } from '../support/gateway.ts';

describe('the cookie of a login', () => {
  let service: StandIn;
  let plain: RunningService;
  let outside: RunningService;
  let local: RunningService;
  beforeAll(async () => {
    service = await startStandIn((request, response) => response.end(String(request.headers.cookie ?? 'no cookie')));
    plain = await startGateway({ IMAGES_URL: service.url, WINE_URL: service.url, TRUSTED_PROXIES: '127.0.0.1' });
    outside = await startGateway({ WINE_URL: service.url, PUBLIC_URL: 'https://data.example/vindima' });
    local = await startGateway({ AUTH: 'local' });
  });
  afterAll(async () => {
    await Promise.all([plain?.stop(), outside?.stop(), local?.stop()]);
    await service?.stop();
  });
  const credentials = { username: 'admin', password: adminPassword };
  const logIn = (gateway: RunningService, headers: Record<string, string> = {}, cookie = true) =>
    fetch(`${gateway.url}/auth/login`, json({ ...credentials, cookie }, headers));
  const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const ask = (gateway: RunningService, path: string, headers: Record<string, string>, method = 'GET') =>
    fetch(`${gateway.url}${path}`, { method, headers });

  it('is given to whoever asks for it, for scripts not to see', async () => {
    expect((await logIn(plain, {}, false)).headers.get('set-cookie')).toBeNull();
    const given = (await logIn(plain)).headers.get('set-cookie');
    expect(given).toMatch(/^vindima_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
    const behindTls = (await logIn(plain, { 'x-forwarded-proto': 'https' })).headers.get('set-cookie');
    expect(behindTls).toMatch(/; Secure$/);
    const told = (await logIn(outside)).headers.get('set-cookie');
    expect(told).toMatch(/; Path=\/vindima; .*; Secure$/);
  });

  it('opens images and downloads by their links, and is not passed on', async () => {
    const cookie = cookieOf(await logIn(plain));
    expect((await ask(plain, '/images', {})).status).toBe(401);
    const link = { cookie: `a=b; ${cookie}; c=d`, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const answer = await ask(plain, '/images', link);
    expect([answer.status, await answer.text()]).toEqual([200, 'no cookie']);
    expect(await (await ask(plain, '/auth/me', { cookie })).json()).toMatchObject({ username: 'admin' });
    expect((await ask(plain, '/images', { cookie: `${cookie.slice(0, -1)}` })).status).toBe(401);
    expect((await ask(plain, '/images', { authorization: `Bearer ${cookie.split('=')[1]}` })).status).toBe(401);
  });

  it('changes nothing for a page of another site', async () => {
    const change = async (gateway: RunningService, headers: Record<string, string>) => {
      const cookie = cookieOf(await logIn(gateway));
      const answer = await ask(gateway, '/wine/ingestions', { cookie, ...headers }, 'POST');
      return answer.status === 403 ? ((await answer.json()) as { code: string }).code : answer.status;
    };
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: new URL(plain.url).origin },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ] satisfies Record<string, string>[])
      expect([headers, await change(plain, headers)]).toEqual([headers, 'gateway.foreign_page']);
    expect(await change(plain, { 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await change(plain, { origin: new URL(plain.url).origin })).toBe(200);
    expect(await change(outside, { origin: 'https://data.example' })).toBe(200);
    expect(await change(outside, { origin: 'https://other.example' })).toBe('gateway.foreign_page');
  });

  it('ends at logout, which clears it, with the tokens of its login', async () => {
    const answer = await logIn(plain);
    const cookie = cookieOf(answer);
    const { access_token, refresh_token } = (await answer.json()) as { access_token: string; refresh_token: string };
    const out = await fetch(`${plain.url}/auth/logout`, { method: 'POST', headers: { cookie } });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('vindima_session=; ')]);
    expect((await ask(plain, '/images', { cookie })).status).toBe(401);
    expect((await ask(plain, '/images', { authorization: `Bearer ${access_token}` })).status).toBe(401);
    expect((await fetch(`${plain.url}/auth/refresh`, json({ refresh_token }))).status).toBe(401);
    expect((await fetch(`${plain.url}/auth/logout`, { method: 'POST' })).status).toBe(400);
  });

  it('does not keep out whoever needs none, when its login has ended', async () => {
    const cookie = cookieOf(await logIn(local));
    expect(await (await ask(local, '/auth/me', { cookie })).json()).toMatchObject({ kind: 'user' });
    await fetch(`${local.url}/auth/logout`, { method: 'POST', headers: { cookie } });
    expect(await (await ask(local, '/auth/me', { cookie })).json()).toEqual({ kind: 'local' });
  });
});
