import type { RunningService } from '@vindima/service-kit';
import { databases } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword, asAdmin, asUser, bearer, json, logIn, startGateway } from '../support/gateway.ts';

interface Login {
  readonly id: string;
  readonly current: boolean;
  readonly address: string;
  readonly agent: string;
}

describe.each(await databases())('accounts on $dialect', ({ create }) => {
  let gateway: RunningService;
  let database: Awaited<ReturnType<typeof create>>;
  beforeAll(async () => {
    database = await create();
    gateway = await startGateway({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await gateway?.stop();
    await database?.drop();
  });
  type Headers = Record<string, string>;
  const ask = (method: string, path: string, headers: Headers, body?: unknown) =>
    fetch(`${gateway.url}${path}`, body === undefined ? { method, headers } : { ...json(body, headers), method });
  const status = async (path: string, headers: Headers) => (await ask('GET', path, headers)).status;
  const loginsOf = async (headers: Headers) =>
    ((await (await ask('GET', '/auth/logins', headers)).json()) as { items: Login[] }).items;
  const idOf = async (name: string) => {
    const answer = await ask('GET', '/users', await asAdmin(gateway.url));
    const { items } = (await answer.json()) as { items: { id: number; username: string }[] };
    return items.find(({ username }) => username === name)?.id ?? 0;
  };
  const makeKey = async (headers: Headers) => {
    const answer = await ask('POST', '/keys', headers, { name: 'robot', scopes: ['gateway:read'] });
    return (await answer.json()) as { id: string; key: string; owner: string };
  };

  it('change their own password, which ends their other logins at once and leaves this one', async () => {
    const here = await asUser(gateway.url, 'viewer', 'ana');
    const elsewhere = await logIn(gateway.url, 'ana', 'the viewer of the tests');
    const change = (old_password: string, new_password: string) =>
      ask('POST', '/auth/password', here, { old_password, new_password });
    const wrong = await change('not the one', 'another long password');
    expect([wrong.status, await wrong.json()]).toMatchObject([403, { code: 'gateway.wrong_password' }]);
    expect((await change('the viewer of the tests', 'short')).status).toBe(400);
    expect(await status('/jobs', bearer(elsewhere.access_token))).toBe(200);
    expect((await change('the viewer of the tests', 'another long password')).status).toBe(204);
    expect(await status('/jobs', here)).toBe(200);
    expect(await status('/jobs', bearer(elsewhere.access_token))).toBe(401);
    const { refresh_token } = elsewhere;
    expect((await ask('POST', '/auth/refresh', {}, { refresh_token })).status).toBe(401);
    await expect(logIn(gateway.url, 'ana', 'the viewer of the tests')).rejects.toThrow('wrong_credentials');
    await expect(logIn(gateway.url, 'ana', 'another long password')).resolves.toBeDefined();
  });

  it('see their own logins and end them, and nobody else’s', async () => {
    const here = await asUser(gateway.url, 'viewer', 'bia');
    const phone = await fetch(`${gateway.url}/auth/login`, {
      ...json({ username: 'bia', password: 'the viewer of the tests' }, { 'user-agent': 'a phone' }),
    });
    const { access_token, refresh_token } = (await phone.json()) as { access_token: string; refresh_token: string };
    const [latest, ...others] = await loginsOf(here);
    expect(others).toMatchObject([{ current: true }]);
    expect(latest).toMatchObject({ current: false, agent: 'a phone', address: expect.stringContaining('127.0.0.1') });
    expect((await ask('DELETE', `/auth/logins/${latest?.id}`, await asAdmin(gateway.url))).status).toBe(404);
    expect(await status('/jobs', bearer(access_token))).toBe(200);
    expect((await ask('DELETE', `/auth/logins/${latest?.id}`, here)).status).toBe(204);
    expect(await status('/jobs', bearer(access_token))).toBe(401);
    expect((await ask('POST', '/auth/refresh', {}, { refresh_token })).status).toBe(401);
    expect(await loginsOf(here)).toMatchObject([{ current: true }]);
  });

  it('are deleted by admins, with their logins and keys, but not with keys that were handed on', async () => {
    const headers = await asUser(gateway.url, 'admin', 'carla');
    const ended = await makeKey(headers);
    const kept = await makeKey(headers);
    expect(ended.owner).toBe('user:carla');
    const admin = await asAdmin(gateway.url);
    expect((await ask('PATCH', `/keys/${kept.id}`, admin, { owner: 'nobody' })).status).toBe(404);
    expect((await ask('PATCH', '/keys/0000000000000000', admin, { owner: 'admin' })).status).toBe(404);
    const handedOn = await ask('PATCH', `/keys/${kept.id}`, admin, { owner: 'admin' });
    expect(await handedOn.json()).toMatchObject({ owner: 'user:admin', created_by: 'user:carla' });
    const id = await idOf('carla');
    expect((await ask('DELETE', `/users/${id}`, admin)).status).toBe(204);
    expect((await ask('DELETE', `/users/${id}`, admin)).status).toBe(404);
    expect(await status('/users', headers)).toBe(401);
    expect(await status('/jobs', { 'x-api-key': ended.key })).toBe(401);
    expect(await status('/jobs', { 'x-api-key': kept.key })).toBe(200);
    // Somebody of the same name later is somebody else.
    await asUser(gateway.url, 'admin', 'carla');
    expect(await status('/jobs', { 'x-api-key': ended.key })).toBe(401);
    const audit = (await (await ask('GET', '/audit?limit=20', admin)).json()) as { items: { detail?: string }[] };
    expect(audit.items.map(({ detail }) => detail)).toContain(`user ${id} carla, keys ${ended.id}`);
    expect((await ask('DELETE', `/users/${await idOf('carla')}`, admin)).status).toBe(204);
  });

  it('take their keys along while they are disabled', async () => {
    const headers = await asUser(gateway.url, 'admin', 'dora');
    const { key } = await makeKey(headers);
    const change = async (disabled: boolean) =>
      (await ask('PATCH', `/users/${await idOf('dora')}`, await asAdmin(gateway.url), { disabled })).status;
    expect(await change(true)).toBe(200);
    expect(await status('/jobs', { 'x-api-key': key })).toBe(401);
    expect(await change(false)).toBe(200);
    expect(await status('/jobs', { 'x-api-key': key })).toBe(200);
    expect((await ask('DELETE', `/users/${await idOf('dora')}`, await asAdmin(gateway.url))).status).toBe(204);
  });

  it('are never all deleted', async () => {
    const answer = await ask('DELETE', `/users/${await idOf('admin')}`, await asAdmin(gateway.url));
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'gateway.last_admin' }]);
    await expect(logIn(gateway.url, 'admin', adminPassword)).resolves.toBeDefined();
  });

  it('slow down whoever guesses the old password of a browser that was left open', async () => {
    const here = await asUser(gateway.url, 'viewer', 'eva');
    const guess = async () =>
      (await ask('POST', '/auth/password', here, { old_password: 'a guess', new_password: 'another long password' }))
        .status;
    for (let count = 0; count < 10; count += 1) expect(await guess()).toBe(403);
    expect(await guess()).toBe(429);
  });
});
