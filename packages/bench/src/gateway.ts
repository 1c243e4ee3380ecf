import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { largeBodies } from './gateway/large-bodies.ts';
import { type MeasuredRoute, overhead } from './gateway/overhead.ts';
import { freePort, type Running, start } from './gateway/processes.ts';
import { type RunningLoad, startLoad } from './gateway/start-load.ts';

const password = 'the admin of the benchmark';
const flower = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };

/**
 * Measures what the gateway costs: the same requests to a service directly and through the gateway with an API key, in turns in one run.
 * First as `npm start` runs them, all services in one process; then each in a process of its own, where a bare proxy shows what any proxy
 * costs, with a gibibyte up and down and the memory watched. Client and services share the cores: how much each had of them is printed.
 */
const run = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'vindima-bench-gateway-'));
  try {
    process.stdout.write('all services in one process (npm start)\n');
    await scene((begin, load) => together(begin, load, join(folder, 'together')));
    process.stdout.write('each service in a process of its own (Docker Compose)\n');
    await scene((begin, load) => apart(begin, load, join(folder, 'apart')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
export default run;

type Begin = typeof start;

/** Ends whatever was begun in it. */
const scene = async (play: (begin: Begin, load: RunningLoad) => Promise<void>) => {
  const load = startLoad();
  const running: Pick<Running, 'stop'>[] = [load];
  try {
    await play(async (...of) => {
      const started = await start(...of);
      running.push(started);
      return started;
    }, load);
  } finally {
    for (const { stop } of running.reverse()) await stop();
  }
};

const settings = { ADMIN_PASSWORD: password, RATE_LIMIT: '1000000000', WINE_SCHEDULE: 'off' };

const together = async (begin: Begin, load: RunningLoad, folder: string) => {
  const names = ['gateway', 'wine', 'images', 'datasets', 'inference', 'pricing', 'sandbox'] as const;
  const entries = await Promise.all(names.map(async (name) => [name, String(await freePort())] as const));
  const ports = Object.fromEntries(entries) as Record<(typeof names)[number], string>;
  const variables = entries.map(([name, port]) => [`${name.toUpperCase()}_PORT`, port]);
  const environment = { ...Object.fromEntries(variables), ...settings, DATA_DIR: folder };
  const gateway = await begin(
    'services/all-in-one/src/main.ts',
    { ...environment, PORT: ports.gateway },
    '/health/ready',
  );
  const at = (name: keyof typeof ports): Running => ({ ...gateway, url: `http://127.0.0.1:${ports[name]}` });
  const services = { wine: at('wine'), inference: at('inference'), pricing: at('pricing') };
  await fill(services);
  await overhead(load, { gateway, routes: routesOf(services, await makeKey(gateway.url)) });
};

const apart = async (begin: Begin, load: RunningLoad, folder: string) => {
  const sandbox = await begin('services/sandbox/src/main.ts', {}, '/health/ready');
  const service = (name: string, environment: Record<string, string> = {}) =>
    begin(
      `services/${name}/src/main.ts`,
      { ...settings, DATA_DIR: join(folder, name), SANDBOX_URL: sandbox.url, ...environment },
      '/health/ready',
    );
  const services = {
    wine: await service('wine'),
    inference: await service('inference'),
    pricing: await service('pricing'),
  };
  await fill(services);
  const large = await begin('packages/bench/src/gateway/large-service.ts', {}, '/');
  const gateway = await service('gateway', {
    WINE_URL: services.wine.url,
    INFERENCE_URL: services.inference.url,
    PRICING_URL: services.pricing.url,
    DATASETS_URL: large.url,
  });
  const key = await makeKey(gateway.url);
  const routes = routesOf(services, key);
  const targets = routes.map(({ request, service: of }) => [request.path.replace(/\?.*/, ''), of.url]);
  const environment = { SERVICES: JSON.stringify(Object.fromEntries(targets)) };
  const bareProxy = await begin('packages/bench/src/gateway/bare-proxy.ts', environment, '/');
  await overhead(load, { gateway, bareProxy, routes });
  await largeBodies(key, gateway);
};

type Services = Readonly<Record<'wine' | 'inference' | 'pricing', Running>>;

const fill = async ({ wine, inference, pricing }: Services) => {
  await ready(`${wine.url}/wine/series/export-juice`);
  await fetch(`${inference.url}/model/load/`, { method: 'POST' });
  await fetch(`${pricing.url}/pricing/runs`, { method: 'POST' });
  await ready(`${pricing.url}/prices`);
  // What loads at the first start would take the cores from what is measured.
  for (const { url } of [wine, inference, pricing]) await idle(url);
};

const routesOf = ({ wine, inference, pricing }: Services, key: string): MeasuredRoute[] => {
  const headers = { 'x-api-key': key };
  const get = (of: Running, path: string): MeasuredRoute => ({
    name: `GET ${path}`,
    service: of,
    request: { method: 'GET', path, headers },
  });
  return [
    get(wine, '/wine/series'),
    get(wine, '/wine/series/production?limit=100'),
    get(wine, '/producaoCSV'),
    get(pricing, '/prices?limit=50'),
    get(inference, '/models'),
    {
      name: 'POST /model/classify/',
      service: inference,
      request: {
        method: 'POST',
        path: '/model/classify/',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(flower),
      },
    },
  ];
};

const ready = async (url: string) => {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(200)) {
    if ((await fetch(url)).status === 200) return;
  }
  throw new Error(`${url} is not there`);
};

const idle = async (url: string) => {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(500)) {
    const states = await Promise.all(
      ['queued', 'running'].map(async (state) => (await fetch(`${url}/jobs?state=${state}`)).json()),
    );
    if ((states as { items: unknown[] }[]).every(({ items }) => items.length === 0)) return;
  }
  throw new Error(`${url} is still busy`);
};

const makeKey = async (url: string): Promise<string> => {
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
    return (await (await fetch(`${url}${path}`, init)).json()) as Record<string, string>;
  };
  const { access_token: token } = await post('/auth/login', { username: 'admin', password });
  const { key = '' } = await post(
    '/keys',
    { name: 'bench', scopes: ['*:write'] },
    { authorization: `Bearer ${token}` },
  );
  return key;
};
