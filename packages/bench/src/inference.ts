import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { freePort, measure, root, startProgram, stopProgram } from './wine/processes.ts';

const connections = 256;
const seconds = 5;
const rounds = 3;
const target = 0.6;

const row = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };
const inferRequest = { inputs: [{ name: 'features', shape: [1, 4], datatype: 'FP32', data: Object.values(row) }] };

interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const post = async (url: string, body: unknown, options: { duration?: number; amount?: number }): Promise<Measured> => {
  const result = await autocannon({
    url,
    connections,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...options,
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx + result.errors} requests failed`);
  return { perSecond: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
};

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const show = (name: string, measured: readonly Measured[]) => {
  const of = (pick: (one: Measured) => number) => median(measured.map(pick));
  console.log(
    `${name}: ${of(({ perSecond }) => perSecond).toFixed(0)} requests/s, ` +
      `p50 ${of(({ p50 }) => p50)} ms, p99 ${of(({ p99 }) => p99)} ms`,
  );
};

/** Resident memory of the service, in MB, as its own metrics tell it. */
const memoryOf = async (base: string): Promise<number> => {
  const text = await (await fetch(`${base}/metrics`)).text();
  const found = /^process_resident_memory_bytes\{[^}]*\} (\S+)$/m.exec(text);
  return Number(found?.[1]) / 1024 / 1024;
};

/**
 * Measures the inference service with its history on: `POST /model/classify/` (target: 0.6 of the requests per second of a bare Fastify
 * route that validates and echoes) and OIP infer; bare onnxruntime in a loop, one row and 64 rows a run; and the memory of the service
 * while it answers many requests. The number of those is an argument, by default 1,000,000.
 */
export default async function inference(args: readonly string[]): Promise<void> {
  const many = Number(args[0] ?? 1_000_000);
  const folder = mkdtempSync(join(tmpdir(), 'vindima-bench-'));
  const ports = { ours: await freePort(), bare: await freePort() };
  const ours = `http://127.0.0.1:${ports.ours}`;
  const bare = `http://127.0.0.1:${ports.bare}`;
  const started = [];
  try {
    const model = join(root, 'services/inference/models/iris.onnx');
    for (const rows of [1, 64]) {
      const { perSecond } = await measure<{ perSecond: number }>('packages/bench/src/inference/runtime-loop.ts', [
        model,
        String(rows),
      ]);
      console.log(`onnxruntime alone in a loop, ${rows} rows a run: ${perSecond.toFixed(0)} rows/s`);
    }
    const environment = { PORT: String(ports.ours), DATA_DIR: folder, LOG_LEVEL: 'warn' };
    started.push(await startProgram('services/inference/src/main.ts', [], environment, `${ours}/health`));
    started.push(
      await startProgram('packages/bench/src/inference/bare-server.ts', [String(ports.bare)], {}, `${bare}/health`),
    );
    const loaded = await fetch(`${ours}/model/load/`, { method: 'POST' });
    if (!loaded.ok) throw new Error(`the model was not loaded: ${await loaded.text()}`);

    const urls = {
      bare: `${bare}/model/classify`,
      rest: `${ours}/model/classify/`,
      oip: `${ours}/v2/models/iris/infer`,
    };
    for (const url of [urls.bare, urls.rest]) await post(url, row, { duration: 2 });
    await post(urls.oip, inferRequest, { duration: 2 });
    const measured: { bare: Measured; rest: Measured; oip: Measured }[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push({
        bare: await post(urls.bare, row, { duration: seconds }),
        rest: await post(urls.rest, row, { duration: seconds }),
        oip: await post(urls.oip, inferRequest, { duration: seconds }),
      });
    }
    show(
      'a bare Fastify route that validates and echoes',
      measured.map((round) => round.bare),
    );
    show(
      'POST /model/classify/, history on',
      measured.map((round) => round.rest),
    );
    show(
      'OIP infer, history on',
      measured.map((round) => round.oip),
    );
    // Of each round, as the machine is not the same from one to the next.
    const ratio = (pick: 'rest' | 'oip') =>
      median(measured.map((round) => round[pick].perSecond / round.bare.perSecond));
    console.log(
      `classify / bare: ${ratio('rest').toFixed(2)}; target ${target}: ${ratio('rest') >= target ? 'met' : 'MISSED'}; ` +
        `OIP infer / bare: ${ratio('oip').toFixed(2)}: ${ratio('oip') >= target ? 'met' : 'MISSED'}`,
    );

    const steps = 5;
    const memory = [await memoryOf(ours)];
    for (let step = 0; step < steps; step++) {
      await post(urls.rest, row, { amount: Math.max(connections, Math.ceil(many / steps)) });
      memory.push(await memoryOf(ours));
    }
    console.log(
      `memory over ${many} more requests, in ${steps} steps: ${memory.map((megabytes) => megabytes.toFixed(0)).join(', ')} MB`,
    );
  } finally {
    for (const child of started.reverse()) await stopProgram(child);
    rmSync(folder, { recursive: true, force: true });
  }
}
