import { serviceNames } from '@vindima/contracts';
import type { RunningService } from '@vindima/service-kit';
import { databases } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAdmin, asKey, bearer, json, type StandIn, startGateway, startStandIn } from '../support/gateway.ts';

describe.each(await databases())('API keys on $dialect', ({ create }) => {
  let gateway: RunningService;
  let service: StandIn;
  let database: Awaited<ReturnType<typeof create>>;
  let now = new Date('2026-11-21T12:00:00Z').getTime();
  beforeAll(async () => {
    service = await startStandIn((_, response) => response.end('[]'));
    database = await create();
    gateway = await startGateway(
      { DATABASE_URL: database.url, WINE_URL: service.url, IMAGES_URL: service.url },
      { clock: () => new Date(now) },
    );
  });
  afterAll(async () => {
    await gateway?.stop();
    await service?.stop();
    await database?.drop();
  });
  const status = async (path: string, headers: Record<string, string>, method = 'GET') =>
    (await fetch(`${gateway.url}${path}`, { headers, method })).status;

  it('open what their scopes name, for reading or writing, as a header or a bearer token', async () => {
    const { headers } = await asKey(gateway.url, 'wine:read');
    expect(await status('/producaoCSV', headers)).toBe(200);
    expect(await status('/producaoCSV', bearer(headers['x-api-key']))).toBe(200);
    expect(await status('/wine/ingestions', headers, 'POST')).toBe(403);
    expect(await status('/images', headers)).toBe(403);
    const writer = await asKey(gateway.url, 'wine:write');
    expect(await status('/producaoCSV', writer.headers)).toBe(200);
    expect(await status('/wine/ingestions', writer.headers, 'POST')).toBe(200);
    const reader = await asKey(gateway.url, '*:read');
    expect(await status('/images', reader.headers)).toBe(200);
    expect(await status('/wine/ingestions', reader.headers, 'POST')).toBe(403);
  });

  it('never decide who may pass, whatever their scopes', async () => {
    const { headers } = await asKey(gateway.url, '*:write');
    for (const path of ['/users', '/keys', '/audit', '/dead-letters']) expect(await status(path, headers)).toBe(403);
    expect((await fetch(`${gateway.url}/keys`, json({ name: 'more', scopes: ['*:write'] }, headers))).status).toBe(403);
  });

  it('are shown once and kept as a hash', async () => {
    const admin = await asAdmin(gateway.url);
    const created = await fetch(`${gateway.url}/keys`, json({ name: 'robot', scopes: ['wine:read'] }, admin));
    const { key } = (await created.json()) as { key: string };
    const secret = key.slice(21);
    const list = await (await fetch(`${gateway.url}/keys`, { headers: admin })).text();
    expect(list).toContain('robot');
    expect(list).not.toContain(secret);
    expect(await status('/producaoCSV', { 'x-api-key': `${key.slice(0, 21)}${'A'.repeat(43)}` })).toBe(401);
  });

  it('end when they are revoked, and at their time', async () => {
    const admin = await asAdmin(gateway.url);
    const { headers, id } = await asKey(gateway.url, 'wine:read');
    expect(await status('/producaoCSV', headers)).toBe(200);
    const revoke = () => fetch(`${gateway.url}/keys/${id}`, { method: 'DELETE', headers: admin });
    expect((await revoke()).status).toBe(204);
    expect(await status('/producaoCSV', headers)).toBe(401);
    expect((await revoke()).status).toBe(404);
    const expires_at = new Date(now + 60_000).toISOString();
    const created = await fetch(
      `${gateway.url}/keys`,
      json({ name: 'short', scopes: ['wine:read'], expires_at }, admin),
    );
    const { key } = (await created.json()) as { key: string };
    expect(await status('/producaoCSV', { 'x-api-key': key })).toBe(200);
    now += 61_000;
    expect(await status('/producaoCSV', { 'x-api-key': key })).toBe(401);
  });

  it('are refused with scopes that mean nothing', async () => {
    const admin = await asAdmin(gateway.url);
    for (const scopes of [
      [],
      ['wine'],
      ['wine:delete'],
      ['*'],
      ['wine:read', 'wine:read'],
      'wine:read',
      ['foo:read'],
      ['wines:read'],
    ]) {
      expect((await fetch(`${gateway.url}/keys`, json({ name: 'x', scopes }, admin))).status).toBe(400);
    }
  });

  it('are made for every service', async () => {
    const admin = await asAdmin(gateway.url);
    const scopes = [...serviceNames, 'gateway', '*'].flatMap((service) => [`${service}:read`, `${service}:write`]);
    expect((await fetch(`${gateway.url}/keys`, json({ name: 'all', scopes }, admin))).status).toBe(201);
  });
});
