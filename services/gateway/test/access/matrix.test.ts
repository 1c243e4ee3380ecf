import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { serviceNames } from '@vindima/contracts';
import { type RunningService, type Service, type ServiceContext, startService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gateway } from '../../src/service.ts';
import { adminPassword, asAdmin, asKey, asUser, type StandIn, startStandIn } from '../support/gateway.ts';

type Level = 'public' | 'viewer' | 'editor' | 'admin';

/** A line of the committed list: what is asked of callers, as it was reviewed. */
interface Line {
  readonly route: string;
  readonly level: Level;
  readonly scope: string;
  readonly bytes: string;
}

const list = readFileSync(new URL('../../../../packages/contracts/operations.txt', import.meta.url), 'utf8');
const lines = list
  .trimEnd()
  .split('\n')
  .map((line): Line => {
    const [method = '', path = '', level = '', scope = '', bytes = ''] = line.split(/ +/);
    return { route: `${method} ${path}`, level: level as Level, scope, bytes };
  });

/** What the gateway answers besides: pages and documents, which are anyone's. */
const pages = [
  '/',
  '/page/page.css',
  '/page/dead-letters.js',
  '/page/element.js',
  '/page/events.js',
  '/page/jobs.js',
  '/page/main.js',
  '/page/services.js',
  '/page/session.js',
  '/page/stream.js',
  '/page/icon.svg',
  '/docs',
  '/docs/:service',
  '/docs/:service/openapi.json',
  '/docs/files/swagger-ui-bundle.js',
  '/docs/files/swagger-ui.css',
  '/docs/files/favicon-32x32.png',
  '/docs/files/docs.js',
  '/openapi.json',
  '/asyncapi.json',
].map((path): Line => ({ route: `GET ${path}`, level: 'public', scope: '-', bytes: '-' }));

const parameters: Readonly<Record<string, string>> = {
  id: 'wine-0199d0a2-6c5e-7b21-9f0e-3a3f5f1d2c44',
  service: 'wine',
  verb: 'nothing',
  sequence: '999999',
};
/** Where the request names the service: in the path `wine` here, in the query nowhere, which asks for all. */
const scopeOf = ({ route, scope }: Line) =>
  /^\{/.test(scope)
    ? scope.replace(/\{(\w+)\}/, (_, name) => (route.includes(`:${name}`) ? 'wine' : 'gateway'))
    : scope;
const fill = (path: string) => path.replaceAll(/:(\w+)/g, (_, name: string) => parameters[name] ?? '1');
const ranks = ['public', 'viewer', 'editor', 'admin'] as const;

const largestFile = 20 * 2 ** 20;

/** The gateway, and every route that it registers. */
const startRecording = async (
  service: StandIn,
  extend: (context: ServiceContext<object, object>) => void = () => {},
) => {
  const routes: string[] = [];
  const recording: Service = {
    ...gateway,
    compose: async (context: ServiceContext<object, object>) => {
      context.app.addHook('onRoute', ({ method, url }) => {
        for (const name of [method].flat()) routes.push(`${name} ${url}`);
      });
      await gateway.compose(context as never);
      extend(context);
    },
  };
  const urls = Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_URL`, service.url]));
  const environment = {
    PORT: '0',
    DATA_DIR: temporaryFolder(),
    ADMIN_PASSWORD: adminPassword,
    RATE_LIMIT: '100000',
    GATEWAY_MAXIMUM_UPLOAD_SIZE: String(largestFile),
    LOG_LEVEL: 'silent',
  };
  return { running: await startService(recording, { environment: { ...environment, ...urls } }), routes };
};

describe('who may call what', () => {
  let service: StandIn;
  let running: RunningService;
  let routes: string[];
  let callers: Record<string, Record<string, string>>;

  beforeAll(async () => {
    service = await startStandIn((request, response) => {
      request.resume();
      request.on('end', () => response.end('{}'));
    });
    ({ running, routes } = await startRecording(service));
    callers = {
      nobody: {},
      stranger: { authorization: 'Bearer made.up.token' },
      viewer: await asUser(running.url, 'viewer'),
      editor: await asUser(running.url, 'editor'),
      admin: await asAdmin(running.url),
    };
  });
  afterAll(async () => {
    await running?.stop();
    await service?.stop();
  });

  const call = async (route: string, headers: Record<string, string>) => {
    const [method = '', path = ''] = route.split(' ');
    const abort = new AbortController();
    const { status } = await fetch(`${running.url}${fill(path)}`, { method, headers, signal: abort.signal });
    abort.abort();
    return status === 401 || status === 403 ? status : 'passed';
  };
  /** Asks with a body that is only announced. Whoever is not answered by its length is waited for. */
  const announce = (route: string, bytes: number) =>
    new Promise<number>((resolve, reject) => {
      const [method = '', path = ''] = route.split(' ');
      const headers = { ...callers.admin, 'content-type': 'application/json', 'content-length': bytes };
      const asked = request(`${running.url}${fill(path)}`, { method, headers });
      const patience = setTimeout(() => {
        resolve(0);
        asked.destroy();
      }, 100);
      asked.on('error', (error) => reject(error));
      asked.on('response', ({ statusCode = 0 }) => {
        clearTimeout(patience);
        asked.on('error', () => {});
        resolve(statusCode);
        asked.destroy();
      });
      asked.flushHeaders();
    });
  const keys = new Map<string, Record<string, string>>();
  const keyWith = async (scope: string) => {
    const headers = keys.get(scope) ?? (await asKey(running.url, scope)).headers;
    keys.set(scope, headers);
    return headers;
  };
  /** What every kind of caller gets. */
  const observe = async (route: string, scope: string, otherScope: string) => ({
    nobody: await call(route, callers.nobody ?? {}),
    stranger: await call(route, callers.stranger ?? {}),
    viewer: await call(route, callers.viewer ?? {}),
    editor: await call(route, callers.editor ?? {}),
    admin: await call(route, callers.admin ?? {}),
    'key of another scope': await call(route, await keyWith(otherScope)),
    'key of the right scope': await call(route, await keyWith(scope)),
    'key for all': await call(route, await keyWith('*:write')),
  });
  const expected = ({ level, scope }: Line) => {
    const isPublic = level === 'public';
    const user = (role: Level) => (ranks.indexOf(role) >= ranks.indexOf(level) ? 'passed' : 403);
    const key = level === 'admin' || scope === 'login' ? 403 : 'passed';
    return {
      nobody: isPublic ? 'passed' : 401,
      stranger: isPublic ? 'passed' : 401,
      viewer: user('viewer'),
      editor: user('editor'),
      admin: 'passed',
      'key of another scope': isPublic ? 'passed' : 403,
      'key of the right scope': key,
      'key for all': key,
    };
  };

  it('is known for every route, and for none that is not there', () => {
    const reading = routes.filter((route) => !route.startsWith('HEAD ') && !route.startsWith('OPTIONS '));
    // The kit registers these before the gateway is composed.
    reading.push('GET /health/live', 'GET /health/ready', 'GET /metrics');
    const known = [...lines, ...pages].map(({ route }) => route);
    expect([...reading].sort()).toEqual(known.sort());
  });

  const limited = lines.filter(({ bytes }) => bytes !== '-').map(({ route, bytes }) => [route, bytes] as const);
  it.each(limited)('%s takes at most %s bytes', async (route, bytes) => {
    const most = bytes === 'file' ? largestFile : Number(bytes);
    expect(await announce(route, most + 1)).toBe(413);
    expect(await announce(route, most)).not.toBe(413);
  });

  // Logging out last: it ends the logins that the others are called with.
  const isLogout = ({ route }: Line) => route === 'POST /auth/logout';
  const ordered = [...lines.filter((line) => !isLogout(line)), ...pages, ...lines.filter(isLogout)];
  describe.each(ordered.map((line) => [line.route, line] as const))('%s', (route, line) => {
    const { level } = line;
    it(`is for ${level}`, async () => {
      const scope = /:/.test(line.scope) ? scopeOf(line) : 'gateway:write';
      const [service, access] = scope.split(':');
      const other = service === 'wine' ? 'pricing:write' : 'wine:write';
      expect(await observe(route, scope, other)).toEqual(expected(line));
      if (access === 'write' && level === 'editor')
        expect(await call(route, await keyWith(`${service}:read`)), 'a key that may only read').toBe(403);
      // A stream of events has no head.
      if (route.startsWith('GET ') && !route.endsWith('/events'))
        expect(await observe(route.replace('GET', 'HEAD'), scope, other)).toEqual(expected(line));
    });
  });

  it('is nobody for a route that has no rule, also when the gateway did not register it itself', async () => {
    const extended = await startRecording(service, ({ app }) => {
      app.get('/forgotten', () => 'secret');
    });
    const headers = await asAdmin(extended.running.url);
    for (const caller of [{}, headers]) {
      const answer = await fetch(`${extended.running.url}/forgotten`, { headers: caller });
      expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'gateway.no_rule' }]);
    }
    expect((await fetch(`${extended.running.url}/unknown`)).status).toBe(404);
    await extended.running.stop();
  });
});
