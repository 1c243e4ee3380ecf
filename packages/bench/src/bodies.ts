import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startProgram, stopProgram } from './wine/processes.ts';

const mebibyte = 2 ** 20;
const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join()}}`;
const bodies: Readonly<Record<string, readonly [path: string, body: () => string]>> = {
  '30 MiB of [': ['/model/classify', () => '['.repeat(30 * mebibyte)],
  'one row of 2.5 million unknown keys': ['/model/classify', () => keys(2_500_000)],
  '45 rows of 20,000 unknown keys': [
    '/model/classify',
    () => `[${Array.from({ length: 45 }, () => keys(20_000)).join()}]`,
  ],
  '30 MiB of spaces': ['/model/classify', () => `[${' '.repeat(30 * mebibyte)}]`],
  'a tensor of 7 million numbers': [
    '/v2/models/iris/infer',
    () => {
      const data = `[${'1.5,'.repeat(7 * mebibyte - 1)}1.5]`;
      return `{"inputs":[{"name":"features","shape":[${(7 * mebibyte) / 4},4],"datatype":"FP32","data":${data}}]}`;
    },
  ],
};

/** Sends a body, and asks whether the service is alive until it is answered. @returns the status, and the longest wait in ms */
const askMeanwhile = async (base: string, path: string, body: string) => {
  let isAnswered = false;
  const answered = new Promise<number>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(base + path, { method: 'POST', headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject).end(body);
  }).finally(() => {
    isAnswered = true;
  });
  let longest = 0;
  while (!isAnswered) {
    const began = performance.now();
    await fetch(`${base}/health/live`).then((response) => response.text());
    longest = Math.max(longest, performance.now() - began);
    await sleep(2);
  }
  return { status: await answered, longest };
};

/** How long the worst bodies keep the inference service from answering others, beside `JSON.parse` of 1 MiB in the same run. */
export default async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vindima-bench-'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const environment = { PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn' };
  const service = await startProgram('services/inference/src/main.ts', [], environment, `${base}/health`);
  try {
    await fetch(`${base}/model/load`, { method: 'POST' });
    const text = `[${'1.5,'.repeat(mebibyte / 4 - 1)}1.5]`;
    const parses = Array.from({ length: 20 }, () => {
      const began = performance.now();
      JSON.parse(text);
      return performance.now() - began;
    }).sort((a, b) => a - b);
    console.log(`JSON.parse of 1 MiB: median ${parses[10]?.toFixed(1)} ms, longest ${parses.at(-1)?.toFixed(1)} ms`);
    for (const [name, [path, body]] of Object.entries(bodies)) {
      const { status, longest } = await askMeanwhile(base, path, body());
      console.log(`${name}: answered ${status}; /health/live waited ${longest.toFixed(1)} ms at most`);
    }
  } finally {
    await stopProgram(service);
    rmSync(folder, { recursive: true, force: true });
  }
}
