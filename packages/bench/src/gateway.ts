import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { latency, median, type Request, throughput } from './gateway/measure.ts';
import { type Running, start } from './gateway/processes.ts';

const targets = { extraMs: 0.5, throughputRatio: 0.7, memoryGrowthMiB: 96 };
const rounds = 5;
const gibibyte = 1024 ** 3;
const password = 'the admin of the benchmark';

/**
 * Measures what the gateway costs: the same requests to a service directly and through the gateway with an API key, in turns
 * in one run; then a gibibyte up and down through it, with its memory watched. Every part is a process of its own, so on a machine
 * with two cores the client, the gateway and the service share them.
 */
const run = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'vindima-bench-gateway-'));
  const running: Running[] = [];
  const begin = async (...of: Parameters<typeof start>) => {
    const started = await start(...of);
    running.push(started);
    return started;
  };
  try {
    const sandbox = await begin('services/sandbox/src/main.ts', {}, '/health/ready');
    const state = (name: string) => ({ DATA_DIR: join(folder, name), SANDBOX_URL: sandbox.url });
    const wine = await begin('services/wine/src/main.ts', { ...state('wine'), WINE_SCHEDULE: 'off' }, '/health/ready');
    await ready(`${wine.url}/wine/series/export-juice`);
    const inference = await begin('services/inference/src/main.ts', state('inference'), '/health/ready');
    const large = await begin('packages/bench/src/gateway/large-service.ts', {}, '/');
    const gateway = await begin(
      'services/gateway/src/main.ts',
      {
        DATA_DIR: join(folder, 'gateway'),
        ADMIN_PASSWORD: password,
        RATE_LIMIT: '1000000000',
        WINE_URL: wine.url,
        INFERENCE_URL: inference.url,
        DATASETS_URL: large.url,
      },
      '/health/ready',
    );
    const key = await makeKey(gateway.url);
    await fetch(`${inference.url}/model/load/`, { method: 'POST' });
    await overhead(key, gateway.url, wine.url, inference.url);
    await largeBodies(key, gateway);
  } finally {
    for (const { stop } of running.reverse()) await stop();
    await rm(folder, { recursive: true, force: true });
  }
};
export default run;

const overhead = async (key: string, gateway: string, wine: string, inference: string) => {
  const headers = { 'x-api-key': key };
  const flower = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };
  const requests: [string, Request][] = [
    [wine, { name: 'GET /wine/series', method: 'GET', path: '/wine/series', headers }],
    [
      wine,
      {
        name: 'GET /wine/series/production, a page',
        method: 'GET',
        path: '/wine/series/production?limit=100',
        headers,
      },
    ],
    [wine, { name: 'GET /producaoCSV', method: 'GET', path: '/producaoCSV', headers }],
    [
      inference,
      {
        name: 'POST /model/classify/',
        method: 'POST',
        path: '/model/classify/',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(flower),
      },
    ],
  ];
  process.stdout.write(
    'request                                  p50 direct   gateway    extra   req/s direct  gateway   ratio\n',
  );
  for (const [service, request] of requests) {
    const found = {
      p50: { direct: [] as number[], gateway: [] as number[] },
      rate: { direct: [] as number[], gateway: [] as number[] },
    };
    for (let round = -1; round < rounds; round++) {
      for (const [place, url] of [
        ['direct', service],
        ['gateway', gateway],
      ] as const) {
        const p50 = await latency(url, request, 400);
        const rate = await throughput(url, request, 32, 2000);
        // The first round warms up.
        if (round < 0) continue;
        found.p50[place].push(p50);
        found.rate[place].push(rate);
      }
    }
    const [p50Direct, p50] = [median(found.p50.direct), median(found.p50.gateway)];
    const [rateDirect, rate] = [median(found.rate.direct), median(found.rate.gateway)];
    const ratio = rate / rateDirect;
    process.stdout.write(
      `${request.name.padEnd(38)} ${p50Direct.toFixed(2).padStart(9)} ms ${p50.toFixed(2).padStart(6)} ms ${(p50 - p50Direct).toFixed(2).padStart(5)} ms ${rateDirect.toFixed(0).padStart(12)} ${rate.toFixed(0).padStart(8)} ${ratio.toFixed(2).padStart(7)}  ${verdict(p50 - p50Direct <= targets.extraMs && ratio >= targets.throughputRatio)}\n`,
    );
  }
  process.stdout.write(
    `targets: at most ${targets.extraMs} ms more, at least ${targets.throughputRatio} of the throughput\n\n`,
  );
};

const largeBodies = async (key: string, gateway: Running) => {
  const headers = { 'x-api-key': key };
  const memory = watchMemory(gateway);
  const uploading = performance.now();
  const uploaded = await fetch(`${gateway.url}/api/upload`, {
    method: 'POST',
    headers,
    body: bytes(gibibyte),
    duplex: 'half',
  } as RequestInit);
  const { size } = (await uploaded.json()) as { size: number };
  if (size !== gibibyte) throw new Error(`the service got ${size} bytes`);
  report('1 GiB up, chunked', uploading, memory.take());
  const downloading = performance.now();
  const downloaded = await fetch(`${gateway.url}/api/download/${gibibyte}`, { headers });
  let received = 0;
  for await (const chunk of downloaded.body ?? []) received += chunk.length;
  if (received !== gibibyte) throw new Error(`${received} bytes came back`);
  report('1 GiB down', downloading, memory.take());
  memory.stop();
};

const report = (what: string, begun: number, { before, most }: { before: number; most: number }) => {
  const seconds = (performance.now() - begun) / 1000;
  process.stdout.write(
    `${what.padEnd(20)} ${seconds.toFixed(1)} s, ${(1024 / seconds).toFixed(0)} MiB/s; gateway ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most  ${verdict(most - before <= targets.memoryGrowthMiB)}\n`,
  );
};

const verdict = (met: boolean) => (met ? 'met' : 'MISSED');

function* blocks(count: number) {
  const block = Buffer.alloc(64 * 1024, 'vindima ');
  for (let left = count; left > 0; left -= block.length) yield block;
}
const bytes = (count: number) => ReadableStream.from(blocks(count)) as ReadableStream<Uint8Array>;

/** The resident memory of a process, in MiB, looked at twenty times a second. */
const watchMemory = ({ process: child }: Running) => {
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
  let before = resident();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, resident());
  }, 50);
  return {
    take: () => {
      const seen = { before, most };
      before = resident();
      most = before;
      return seen;
    },
    stop: () => clearInterval(timer),
  };
};

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
