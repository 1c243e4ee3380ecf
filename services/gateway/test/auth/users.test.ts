import type { RunningService } from '@vindima/service-kit';
import { databases } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword, asAdmin, asUser, bearer, json, logIn, startGateway } from '../support/gateway.ts';

describe.each(await databases())('logins and users on $dialect', ({ create }) => {
  let gateway: RunningService;
  let now = new Date('2026-11-21T12:00:00Z').getTime();
  let database: Awaited<ReturnType<typeof create>>;
  const shift = (days: number) => {
    now += days * 86_400_000;
  };
  beforeAll(async () => {
    database = await create();
    gateway = await startGateway(
      { DATABASE_URL: database.url, REFRESH_TOKEN_DAYS: '7' },
      { clock: () => new Date(now) },
    );
  });
  afterAll(async () => {
    await gateway?.stop();
    await database?.drop();
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}${path}`, json(body, headers));
  const refresh = (refresh_token: string) => post('/auth/refresh', { refresh_token });
  const patch = async (id: number, body: unknown) =>
    fetch(`${gateway.url}/users/${id}`, { ...json(body, await asAdmin(gateway.url)), method: 'PATCH' });
  const idOf = async (name: string) => {
    const answer = await fetch(`${gateway.url}/users`, { headers: await asAdmin(gateway.url) });
    const { items } = (await answer.json()) as { items: { id: number; username: string }[] };
    return items.find(({ username }) => username === name)?.id ?? 0;
  };

  it('lets a user in with name and password, and nobody else', async () => {
    const answer = await post('/auth/login', { username: 'admin', password: adminPassword });
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { token_type: 'Bearer', expires_in: 900, user: { username: 'admin', role: 'admin' } },
    ]);
    for (const attempt of [
      { username: 'admin', password: 'wrong' },
      { username: 'nobody', password: adminPassword },
      { username: 'ADMIN ', password: adminPassword },
      { username: "' or 1=1 --", password: 'x' },
      { username: 'admin' },
      { username: { $ne: '' }, password: { $ne: '' } },
    ]) {
      expect((await post('/auth/login', attempt)).status).toBeOneOf([400, 401]);
    }
    const wrong = await post('/auth/login', { username: 'nobody', password: 'wrong' });
    expect(await wrong.json()).toMatchObject({ code: 'gateway.wrong_credentials', status_code: 401 });
  });

  it('lets clients of the earlier system in where they know to log in', async () => {
    const answer = await post('/login', { username: 'admin', password: adminPassword });
    const { access_token } = (await answer.json()) as { access_token: string };
    const me = await fetch(`${gateway.url}/auth/me`, { headers: { authorization: `Bearer ${access_token}` } });
    expect(await me.json()).toMatchObject({ username: 'admin' });
    expect((await post('/login', { username: 'admin', password: 'wrong' })).status).toBe(401);
  });

  it('accepts no token that it did not sign', async () => {
    const { access_token } = await logIn(gateway.url);
    const [head, body, signature] = access_token.split('.') as [string, string, string];
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = encode({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), sub: '2' });
    for (const token of [
      `${head}.${forged}.${signature}`,
      `${encode({ alg: 'none' })}.${body}.`,
      `${head}.${body}.`,
      'nonsense',
      `vnd_${'0'.repeat(16)}_${'a'.repeat(43)}`,
    ]) {
      expect((await fetch(`${gateway.url}/users`, { headers: bearer(token) })).status).toBe(401);
    }
  });

  it('rotates refresh tokens, and ends all of a login when one comes a second time', async () => {
    const first = await logIn(gateway.url);
    const second = (await (await refresh(first.refresh_token)).json()) as typeof first;
    expect((await fetch(`${gateway.url}/auth/me`, { headers: bearer(second.access_token) })).status).toBe(200);
    const third = (await (await refresh(second.refresh_token)).json()) as typeof first;
    const elsewhere = await logIn(gateway.url);
    // A copy of the first one is used by whoever took it.
    expect((await refresh(first.refresh_token)).status).toBe(401);
    expect((await refresh(third.refresh_token)).status).toBe(401);
    expect((await refresh(elsewhere.refresh_token)).status).toBe(200);
  });

  it('gives a refresh token to one of many who send it at once', async () => {
    const { refresh_token } = await logIn(gateway.url);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refresh_token)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(answers.every(({ status }) => status === 200 || status === 401)).toBe(true);
  });

  it('ends refresh tokens at logout and after their days', async () => {
    const one = await logIn(gateway.url);
    expect((await post('/auth/logout', { refresh_token: one.refresh_token })).status).toBe(204);
    expect((await refresh(one.refresh_token)).status).toBe(401);
    const other = await logIn(gateway.url);
    shift(8);
    expect((await refresh(other.refresh_token)).status).toBe(401);
  });

  it('shuts a disabled user out at once, with every token', async () => {
    const headers = await asUser(gateway.url, 'editor', 'ana');
    const { refresh_token } = await logIn(gateway.url, 'ana', 'the editor of the tests');
    expect((await fetch(`${gateway.url}/jobs`, { headers })).status).toBe(200);
    expect((await patch(await idOf('ana'), { disabled: true })).status).toBe(200);
    expect((await fetch(`${gateway.url}/jobs`, { headers })).status).toBe(401);
    expect((await refresh(refresh_token)).status).toBe(401);
    const login = await post('/auth/login', { username: 'ana', password: 'the editor of the tests' });
    expect(login.status).toBe(401);
  });

  it('gives a changed role its effect at once, and a changed password', async () => {
    const headers = await asUser(gateway.url, 'viewer', 'bia');
    const id = await idOf('bia');
    expect((await fetch(`${gateway.url}/users`, { headers })).status).toBe(403);
    await patch(id, { role: 'admin', password: 'another long password' });
    expect((await fetch(`${gateway.url}/users`, { headers })).status).toBe(200);
    await logIn(gateway.url, 'bia', 'another long password');
    await patch(id, { role: 'viewer' });
  });

  it('keeps the last admin, whoever asks how often', async () => {
    const id = await idOf('admin');
    for (const change of [{ role: 'viewer' }, { disabled: true }]) {
      const answer = await patch(id, change);
      expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'gateway.last_admin' }]);
    }
    await asUser(gateway.url, 'admin', 'carla');
    const other = await idOf('carla');
    const headers = await asAdmin(gateway.url);
    const both = await Promise.all(
      [id, other].map((user) =>
        fetch(`${gateway.url}/users/${user}`, { ...json({ role: 'viewer' }, headers), method: 'PATCH' }),
      ),
    );
    // The second is refused as the last admin, or, where it came a moment later, as no admin any more.
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(both.find(({ status }) => status !== 200)?.status).toBeOneOf([403, 409]);
  });

  it('refuses a short password, a name that is taken and an unknown user', async () => {
    // Whoever of the two is still an admin.
    const headers = await asAdmin(gateway.url).catch(() => ({}));
    const me = await fetch(`${gateway.url}/users`, { headers });
    const admin =
      me.status === 200 ? headers : bearer((await logIn(gateway.url, 'carla', 'the admin of the tests')).access_token);
    const short = await post('/users', { username: 'dora', password: 'short', role: 'viewer' }, admin);
    const taken = await post('/users', { username: 'ana', password: 'long enough for it', role: 'viewer' }, admin);
    const unknown = await fetch(`${gateway.url}/users/99999`, { ...json({ role: 'viewer' }, admin), method: 'PATCH' });
    expect([short.status, taken.status, unknown.status]).toEqual([400, 409, 404]);
  });
});
