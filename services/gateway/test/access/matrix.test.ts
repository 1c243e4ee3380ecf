import { type RunningService, type Service, type ServiceContext, startService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules, serviceNames } from '../../src/access/rules.ts';
import { gateway } from '../../src/service.ts';
import { adminPassword, asAdmin, asKey, asUser, type StandIn, startStandIn } from '../support/gateway.ts';

type Level = 'public' | 'viewer' | 'editor' | 'admin';

/** What the gateway's own routes ask, written down a second time on purpose: who changes one has to change both. */
const ownRoutes: Readonly<Record<string, readonly [level: Level, scope?: string]>> = {
  'GET /': ['public'],
  'GET /page/page.css': ['public'],
  'GET /page/dead-letters.js': ['public'],
  'GET /page/element.js': ['public'],
  'GET /page/events.js': ['public'],
  'GET /page/jobs.js': ['public'],
  'GET /page/main.js': ['public'],
  'GET /page/services.js': ['public'],
  'GET /page/session.js': ['public'],
  'GET /page/stream.js': ['public'],
  'GET /page/icon.svg': ['public'],
  'GET /docs': ['public'],
  'GET /docs/:service': ['public'],
  'GET /docs/:service/openapi.json': ['public'],
  'GET /docs/files/swagger-ui-bundle.js': ['public'],
  'GET /docs/files/swagger-ui.css': ['public'],
  'GET /docs/files/favicon-32x32.png': ['public'],
  'GET /docs/files/docs.js': ['public'],
  'GET /openapi.json': ['public'],
  'GET /asyncapi.json': ['public'],
  'GET /health': ['public'],
  'GET /health/live': ['public'],
  'GET /health/ready': ['public'],
  'GET /metrics': ['viewer', 'gateway:read'],
  'POST /auth/login': ['public'],
  'POST /login': ['public'],
  'POST /auth/refresh': ['public'],
  'POST /auth/logout': ['public'],
  'GET /auth/me': ['public'],
  'GET /users': ['admin'],
  'POST /users': ['admin'],
  'PATCH /users/:id': ['admin'],
  'GET /keys': ['admin'],
  'POST /keys': ['admin'],
  'DELETE /keys/:id': ['admin'],
  'GET /audit': ['admin'],
  'GET /dead-letters': ['admin'],
  'POST /dead-letters/:sequence/replay': ['admin'],
  'DELETE /dead-letters/:sequence': ['admin'],
  'GET /events': ['viewer', 'gateway:read'],
  'GET /jobs': ['viewer', 'gateway:read'],
  'GET /jobs/:id': ['viewer', 'wine:read'],
  'DELETE /jobs/:id': ['editor', 'wine:write'],
  'GET /jobs/:id/events': ['viewer', 'wine:read'],
  'POST /commands/:service/:verb': ['editor', 'wine:write'],
};

/** What viewers may ask with a body, written down a second time too. */
const questions = new Set([
  'POST /api/analyze',
  'POST /api/validate',
  'POST /model/classify',
  'POST /models/:name/classify',
  'POST /v2/models/:model/infer',
  'POST /v2/models/:model/versions/:version/infer',
  'POST /v2/repository/index',
]);

const parameters: Readonly<Record<string, string>> = {
  id: 'wine-0199d0a2-6c5e-7b21-9f0e-3a3f5f1d2c44',
  service: 'wine',
  verb: 'nothing',
  sequence: '999999',
};
const fill = (path: string) => path.replaceAll(/:(\w+)/g, (_, name: string) => parameters[name] ?? '1');
const ranks = ['public', 'viewer', 'editor', 'admin'] as const;

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
  const expected = (level: Level) => {
    const isPublic = level === 'public';
    const user = (role: Level) => (ranks.indexOf(role) >= ranks.indexOf(level) ? 'passed' : 403);
    const key = level === 'admin' ? 403 : 'passed';
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
    const known = [
      ...Object.keys(ownRoutes),
      ...rules.filter(({ method }) => method !== 'HEAD').map(({ method, path }) => `${method} ${path}`),
    ];
    expect([...reading].sort()).toEqual(known.sort());
  });

  describe.each(Object.entries(ownRoutes))('%s', (route, [level, scope = 'gateway:write']) => {
    it(`is for ${level}`, async () => {
      const other = scope.startsWith('gateway') ? 'wine:write' : 'pricing:write';
      expect(await observe(route, scope, other)).toEqual(expected(level));
      if (route.startsWith('GET '))
        expect(await observe(route.replace('GET', 'HEAD'), scope, other)).toMatchObject({ admin: 'passed' });
    });
  });

  it('knows every question', () => {
    const asked = rules.filter(({ method, role }) => role === 'viewer' && method !== 'GET' && method !== 'HEAD');
    expect(new Set(asked.map(({ method, path }) => `${method} ${path}`))).toEqual(questions);
  });

  // Of the services: whatever is not a mere look or question needs an editor.
  const services = rules.map(
    ({ service: name, method, path, role, access }) => [`${method} ${path}`, name, role, access] as const,
  );
  describe.each(services)('%s of %s', (route, name, role, access) => {
    it(`is for ${role}`, async () => {
      const looks = /^(GET|HEAD) /.test(route) || questions.has(route);
      expect(looks ? 'viewer read' : 'write').toBe(looks ? `${role} ${access}` : access);
      const other = name === 'pricing' ? 'wine:write' : 'pricing:write';
      expect(await observe(route, `${name}:${access}`, other)).toEqual(expected(role));
      if (!looks) expect(await call(route, await keyWith(`${name}:read`))).toBe(403);
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
