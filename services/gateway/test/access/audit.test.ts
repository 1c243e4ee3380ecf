import { connect } from 'node:net';
import { databases } from '@vindima/test-servers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { asAdmin, asUser, json, logIn, startGateway, startStandIn, until } from '../support/gateway.ts';

interface Entry {
  readonly who: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly detail?: string;
}

/** All entries, the oldest first, those of logins of the admin left out. */
const entriesOf = async (url: string): Promise<Entry[]> => {
  const answer = await fetch(`${url}/audit?limit=1000`, { headers: await asAdmin(url) });
  const { items } = (await answer.json()) as { items: Entry[] };
  return items.reverse().filter(({ who, path }) => who !== 'user:admin' || path !== '/auth/login');
};

interface Sent {
  readonly path: string;
  readonly body: unknown;
  /** How many bytes of the body are announced and never come. */
  readonly missing?: number;
}

/** Sends requests on one connection without waiting for the answers, and goes away when told. */
const sendAndLeave = async (
  url: string,
  requests: readonly Sent[],
  headers: Record<string, string>,
  leave: () => Promise<unknown>,
): Promise<void> => {
  const { hostname, port, host } = new URL(url);
  const messages = requests.map(({ path, body, missing = 0 }) => {
    const content = JSON.stringify(body);
    const length = String(content.length + missing);
    const head = { host, 'content-type': 'application/json', 'content-length': length, ...headers };
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
    return [`POST ${path} HTTP/1.1`, ...lines, '', content].join('\r\n');
  });
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(messages.join(''), () => resolve());
  });
  await leave();
  socket.destroy();
};
const afterMs = (milliseconds: number) => () => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe.each(await databases())('the audit log on $dialect', ({ create }) => {
  it('has who changed what and how it ended, also logins that failed, and nothing that was only looked at', async () => {
    const service = await startStandIn((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(202).end('{}'));
    });
    const database = await create();
    const gateway = await startGateway({
      DATABASE_URL: database.url,
      WINE_URL: service.url,
      INFERENCE_URL: service.url,
    });
    const editor = await asUser(gateway.url, 'editor', 'ana');
    await fetch(`${gateway.url}/wine/ingestions?note=1`, json({}, { ...editor, 'x-request-id': 'ingest-1' }));
    await fetch(`${gateway.url}/users`, json({}, editor));
    await fetch(`${gateway.url}/producaoCSV`, { headers: editor });
    await fetch(`${gateway.url}/model/classify`, json({ SepalLengthCm: 5.1 }, editor));
    await fetch(`${gateway.url}/wine/ingestions`, { method: 'POST' });
    await fetch(`${gateway.url}/auth/login`, json({ username: 'ana', password: 'wrong' }));
    const headers = await asAdmin(gateway.url);
    const list = async (query: string) => {
      const answer = await fetch(`${gateway.url}/audit${query}`, { headers });
      return (await answer.json()) as {
        items: { path: string; status: number; who: string }[];
        next_cursor: string | null;
      };
    };
    const { items } = await list('?who=user:ana');
    expect(items).toMatchObject([
      { method: 'POST', path: '/users', service: 'gateway', status: 403 },
      {
        method: 'POST',
        path: '/wine/ingestions?note=1',
        service: 'wine',
        status: 202,
        request_id: 'ingest-1',
        address: '127.0.0.1',
      },
      { path: '/auth/login', status: 200 },
    ]);
    expect((await list('?who=nobody')).items).toMatchObject([{ path: '/auth/login', status: 401, who: 'nobody' }]);
    const all = await list('');
    const pages: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await list(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      pages.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(pages).toEqual(all.items);
    expect(JSON.stringify(all)).not.toContain('wrong');
    await gateway.stop();
    await service.stop();
    await database.drop();
  });
});

describe('reads that are refused', () => {
  it('are written down, so many of one caller, and those that are allowed are not', async () => {
    const gateway = await startGateway();
    const viewer = await asUser(gateway.url, 'viewer', 'eve');
    await fetch(`${gateway.url}/users`, { headers: viewer });
    await fetch(`${gateway.url}/auth/me`, { headers: viewer });
    await fetch(`${gateway.url}/model/classify`, { method: 'POST' });
    for (let count = 0; count < 30; count++) await fetch(`${gateway.url}/keys`, { method: count % 2 ? 'GET' : 'HEAD' });
    const entries = await entriesOf(gateway.url);
    const reads = entries.filter(({ path }) => path === '/keys' || path === '/users' || path === '/model/classify');
    expect(reads.filter(({ who }) => who === 'user:eve')).toMatchObject([
      { method: 'GET', path: '/users', status: 403, who: 'user:eve' },
    ]);
    const refused = reads.filter(({ who }) => who === 'nobody');
    expect(refused[0]).toMatchObject({ method: 'POST', path: '/model/classify', status: 401 });
    expect(refused).toHaveLength(20);
    await gateway.stop();
  });
});

describe('the audit log of clients that go before they are answered', () => {
  const newUser = (username: string) => ({
    path: '/users',
    body: { username, password: 'long enough', role: 'viewer' },
  });

  it('has what they changed, with the status 499', async () => {
    const gateway = await startGateway();
    onTestFinished(() => gateway.stop());
    const headers = await asAdmin(gateway.url);
    await sendAndLeave(gateway.url, [newUser('ana')], headers, afterMs(5));
    const entry = await until(async () => (await entriesOf(gateway.url)).find(({ path }) => path === '/users'));
    expect(entry).toMatchObject({ who: 'user:admin', method: 'POST', status: 499, address: '127.0.0.1' });
    expect(entry.detail).toContain('ana');
    await logIn(gateway.url, 'ana', 'long enough');
  });

  it('has every request that was sent at once on one connection', async () => {
    const gateway = await startGateway();
    onTestFinished(() => gateway.stop());
    const headers = await asAdmin(gateway.url);
    await sendAndLeave(gateway.url, [newUser('ana'), newUser('bia'), newUser('carla')], headers, afterMs(5));
    const entries = await until(async () => {
      const found = (await entriesOf(gateway.url)).filter(({ path }) => path === '/users');
      return found.length === 3 ? found : undefined;
    });
    expect(entries.map(({ status }) => status)).toEqual([499, 499, 499]);
  });

  it('knows who logged in, though that was known only after the client had gone', async () => {
    const gateway = await startGateway();
    onTestFinished(() => gateway.stop());
    const { path, body } = newUser('ana');
    await fetch(`${gateway.url}${path}`, json(body, await asAdmin(gateway.url)));
    const login = { path: '/auth/login', body: { username: 'ana', password: 'long enough' } };
    await sendAndLeave(gateway.url, [login], {}, afterMs(5));
    const entry = await until(async () => (await entriesOf(gateway.url)).find((found) => found.path === login.path));
    expect(entry).toMatchObject({ who: 'user:ana', status: 499, detail: 'as ana' });
  });

  it('has requests whose body did not arrive, passed on or not', async () => {
    const service = await startStandIn((request) => request.resume());
    const gateway = await startGateway(
      { WINE_URL: service.url, IMAGES_URL: 'http://127.0.0.1:1' },
      { neighbours: [{ ...service, url: 'http://127.0.0.1:1' }] },
    );
    onTestFinished(async () => {
      await gateway.stop();
      await service.stop();
    });
    const headers = await asAdmin(gateway.url);
    const paths = ['/users', '/wine/ingestions', '/images', '/keys'];
    for (const path of paths) await sendAndLeave(gateway.url, [{ path, body: {}, missing: 10 }], headers, afterMs(50));
    const entries = await until(async () => {
      const found = await entriesOf(gateway.url);
      return found.length === paths.length ? found : undefined;
    });
    expect(entries.map(({ status }) => status)).toEqual(paths.map(() => 499));
    expect(entries.map(({ path }) => path).sort()).toEqual(paths.toSorted());
  });

  it.each(['in this process', 'elsewhere'])('has what was passed on to a service %s', async (place) => {
    let hasArrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      hasArrived = resolve;
    });
    const service = await startStandIn((request) => {
      request.resume();
      request.on('end', hasArrived);
    });
    const neighbours = place === 'elsewhere' ? [] : [service];
    const gateway = await startGateway({ WINE_URL: service.url }, { neighbours });
    onTestFinished(async () => {
      await gateway.stop();
      await service.stop();
    });
    const headers = await asUser(gateway.url, 'editor', 'ana');
    await sendAndLeave(gateway.url, [{ path: '/wine/ingestions', body: {} }], headers, () => arrival);
    const entry = await until(async () =>
      (await entriesOf(gateway.url)).find(({ path }) => path === '/wine/ingestions'),
    );
    expect(entry).toMatchObject({ who: 'user:ana', status: 499, service: 'wine' });
  });

  it('has the status of an answer that had begun', async () => {
    const service = await startStandIn((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(202).write('{'));
    });
    const gateway = await startGateway({ WINE_URL: service.url }, { neighbours: [service] });
    onTestFinished(async () => {
      await gateway.stop();
      await service.stop();
    });
    const headers = await asUser(gateway.url, 'editor', 'ana');
    const leaving = new AbortController();
    await fetch(`${gateway.url}/wine/ingestions`, { ...json({}, headers), signal: leaving.signal });
    leaving.abort();
    const entry = await until(async () =>
      (await entriesOf(gateway.url)).find(({ path }) => path === '/wine/ingestions'),
    );
    expect(entry.status).toBe(202);
  });
});

describe.each(await databases())('what the audit log on $dialect says was changed', ({ create }) => {
  const start = async () => {
    const database = await create();
    const gateway = await startGateway({ DATABASE_URL: database.url });
    onTestFinished(async () => {
      await gateway.stop();
      await database.drop();
    });
    const headers = await asAdmin(gateway.url);
    const send = (method: string, path: string, body?: unknown) =>
      fetch(`${gateway.url}${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const detailsOf = async (method: string, start: string) =>
      (await entriesOf(gateway.url))
        .filter((entry) => entry.method === method && entry.path.startsWith(start))
        .map(({ detail, status }) => [status, detail]);
    return { gateway, send, detailsOf };
  };

  it('names the user that was made and what of one was changed, but no password', async () => {
    const { gateway, send, detailsOf } = await start();
    const made = await send('POST', '/users', { username: 'ana', password: 'a secret of ana', role: 'viewer' });
    const { id } = (await made.json()) as { id: number };
    await send('PATCH', `/users/${id}`, { role: 'editor' });
    await send('PATCH', `/users/${id}`, { disabled: true, password: 'another secret' });
    await send('PATCH', '/users/99999', { role: 'admin' });
    expect(await detailsOf('POST', '/users')).toEqual([[201, `user ${id} ana: role viewer`]]);
    expect(await detailsOf('PATCH', '/users')).toEqual([
      [200, `user ${id} ana: role editor`],
      [200, `user ${id} ana: disabled true, password`],
      [404, 'user 99999: role admin'],
    ]);
    expect(JSON.stringify(await entriesOf(gateway.url))).not.toContain('secret');
  });

  it('names keys and their scopes, at most 500 characters of it', async () => {
    const { send, detailsOf } = await start();
    const made = await send('POST', '/keys', { name: 'note\nbook', scopes: ['wine:read', '*:write'] });
    const { id } = (await made.json()) as { id: string };
    await send('DELETE', `/keys/${id}`);
    await send('DELETE', '/keys/unknown');
    const services = ['wine', 'images', 'datasets', 'inference', 'pricing', 'gateway', '*'];
    const scopes = services.flatMap((service) => [`${service}:read`, `${service}:write`]);
    await send('POST', '/keys', { name: '\u{1f377}\u0001'.repeat(33), scopes });
    const detail = `key ${id} "note\\nbook": wine:read, *:write`;
    const [first, second] = await detailsOf('POST', '/keys');
    expect(first).toEqual([201, detail]);
    expect(second?.[0]).toBe(201);
    expect(String(second?.[1]).length).toBeLessThanOrEqual(500);
    expect(await detailsOf('DELETE', '/keys')).toEqual([
      [204, detail],
      [404, undefined],
    ]);
  });

  it('says which name was tried to log in with', async () => {
    const { gateway, detailsOf } = await start();
    await fetch(`${gateway.url}/auth/login`, json({ username: 'mallory', password: 'wrong' }));
    expect(await detailsOf('POST', '/auth/login')).toEqual([[401, 'as mallory']]);
  });

  it('says whose tokens were refreshed, came a second time or were ended', async () => {
    const { gateway } = await start();
    await asUser(gateway.url, 'editor', 'ana');
    const post = (path: string, refresh_token: string) => fetch(`${gateway.url}${path}`, json({ refresh_token }));
    const first = await logIn(gateway.url, 'ana', 'the editor of the tests');
    await post('/auth/refresh', first.refresh_token);
    await post('/auth/refresh', first.refresh_token);
    const second = await logIn(gateway.url, 'ana', 'the editor of the tests');
    await post('/auth/logout', second.refresh_token);
    await post('/auth/refresh', 'made up');
    const entries = (await entriesOf(gateway.url)).filter(({ path }) => /refresh|logout/.test(path));
    expect(entries.map(({ path, status, who, detail }) => [path, status, who, detail])).toEqual([
      ['/auth/refresh', 200, 'user:ana', undefined],
      ['/auth/refresh', 401, 'user:ana', 'a refresh token came a second time: its login was ended'],
      ['/auth/logout', 204, 'user:ana', undefined],
      ['/auth/refresh', 401, 'nobody', 'an unknown refresh token'],
    ]);
    expect(JSON.stringify(entries)).not.toContain(first.refresh_token);
  });
});
