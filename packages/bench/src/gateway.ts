import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { largeBodies } from './gateway/large-bodies.ts';
import { type MeasuredRoute, overhead } from './gateway/overhead.ts';
import { type Running, start } from './gateway/processes.ts';
import { startLoad } from './gateway/start-load.ts';

const password = 'the admin of the benchmark';
const flower = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };

/**
 * Measures what the gateway costs: the same requests to a service directly, through the gateway with an API key, and through a bare
 * proxy, in turns in one run; then a gibibyte up and down through it, with its memory watched. Client, proxy and each service are processes of
 * their own; how much each of them had of the cores is printed, as on a machine with two they share them.
 */
const run = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'vindima-bench-gateway-'));
  const load = startLoad();
  const running: Pick<Running, 'stop'>[] = [load];
  const begin = async (...of: Parameters<typeof start>) => {
    const started = await start(...of);
    running.push(started);
    return started;
  };
  try {
    const sandbox = await begin('services/sandbox/src/main.ts', {}, '/health/ready');
    const service = (name: string, environment: Record<string, string> = {}) =>
      begin(
        `services/${name}/src/main.ts`,
        { DATA_DIR: join(folder, name), SANDBOX_URL: sandbox.url, ...environment },
        '/health/ready',
      );
    const wine = await service('wine', { WINE_SCHEDULE: 'off' });
    await ready(`${wine.url}/wine/series/export-juice`);
    const inference = await service('inference');
    await fetch(`${inference.url}/model/load/`, { method: 'POST' });
    const pricing = await service('pricing');
    await fetch(`${pricing.url}/pricing/runs`, { method: 'POST' });
    await ready(`${pricing.url}/prices`);
    const large = await begin('packages/bench/src/gateway/large-service.ts', {}, '/');
    const gateway = await service('gateway', {
      ADMIN_PASSWORD: password,
      RATE_LIMIT: '1000000000',
      WINE_URL: wine.url,
      INFERENCE_URL: inference.url,
      PRICING_URL: pricing.url,
      DATASETS_URL: large.url,
    });
    const key = await makeKey(gateway.url);
    const headers = { 'x-api-key': key };
    const get = (of: Running, path: string): MeasuredRoute => ({
      name: `GET ${path}`,
      service: of,
      request: { method: 'GET', path, headers },
    });
    const routes: MeasuredRoute[] = [
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
    const services = routes.map(({ request, service: of }) => [request.path.replace(/\?.*/, ''), of.url]);
    const environment = { SERVICES: JSON.stringify(Object.fromEntries(services)) };
    const bareProxy = await begin('packages/bench/src/gateway/bare-proxy.ts', environment, '/');
    await overhead(load, { gateway, bareProxy, routes });
    await largeBodies(key, gateway);
  } finally {
    for (const { stop } of running.reverse()) await stop();
    await rm(folder, { recursive: true, force: true });
  }
};
export default run;

const ready = async (url: string) => {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(200)) {
    if ((await fetch(url)).status === 200) return;
  }
  throw new Error(`${url} is not there`);
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
