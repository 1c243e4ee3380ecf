import { request } from 'node:http';
import { connect } from 'node:net';
import type { RunningService } from '@vindima/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAdmin, startGateway } from '../support/gateway.ts';

describe('AUTH=local', () => {
  let gateway: RunningService;
  let own: string;
  beforeAll(async () => {
    gateway = await startGateway({ AUTH: 'local' });
    own = new URL(gateway.url).host;
  });
  afterAll(() => gateway?.stop());

  /** fetch would not let us set these headers. */
  const call = (headers: Record<string, string>, method = 'GET', path = '/dead-letters') =>
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
    expect(await call(link, 'POST', '/dead-letters/1/replay')).toBe(401);
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
    ]) {
      expect([headers, await call(headers)]).toEqual([headers, 401]);
    }
  });

  /** As a proxy writes it: a client of ours would not send HTTP/1.0. */
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(own.split(':')[1]), '127.0.0.1', () => socket.end(text.replaceAll('\n', '\r\n')));
      let answer = '';
      socket.on('data', (part) => {
        answer += part;
      });
      socket.on('end', () => resolve(answer)).on('error', reject);
    });

  it.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto', 'cf-ray'])(
    'refuses what a proxy passes on with %s, and says what to set',
    async (name) => {
      const response = await fetch(`${gateway.url}/events`, { headers: { [name]: 'for=127.0.0.1' } });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        code: 'gateway.behind_proxy',
        error: expect.stringContaining('AUTH=required'),
        details: { sign: name },
      });
    },
  );

  it('refuses what nginx passes on when it is told nothing but where', async () => {
    const asNginx = await raw(`GET /jobs HTTP/1.0\nHost: ${own}\nConnection: close\n\n`);
    expect(asNginx).toContain(' 401 ');
    expect(asNginx).toContain('AUTH=required');
  });

  it('lets those who log in pass through a proxy', async () => {
    const headers = { ...(await asAdmin(gateway.url)), 'x-forwarded-for': '203.0.113.9' };
    expect((await fetch(`${gateway.url}/users`, { headers })).status).toBe(200);
  });

  it.each([
    ['GET', '/users'],
    ['POST', '/users'],
    ['PATCH', '/users/1'],
    ['GET', '/keys'],
    ['POST', '/keys'],
    ['DELETE', '/keys/1'],
    ['GET', '/audit'],
  ])('asks for a login where it is decided who may pass: %s %s', async (method, path) => {
    const response = await fetch(`${gateway.url}${path}`, { method });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      code: 'gateway.login_needed',
      error: expect.stringMatching(/log in/i),
    });
  });

  it('does not let wrong credentials pass as none', async () => {
    expect(await call({ authorization: 'Bearer wrong' })).toBe(401);
    expect(await call({ authorization: 'Basic YWRtaW46YWRtaW4=' })).toBe(401);
    expect(await call({ 'x-api-key': 'wrong' })).toBe(401);
  });
});
