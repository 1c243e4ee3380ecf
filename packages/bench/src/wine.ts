import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import autocannon from 'autocannon';
import { freePort, measure, root, startProgram, stopProgram } from './wine/processes.ts';

const seconds = 1;
const rounds = 15;
const connections = 20;

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const rate = async (url: string, duration = seconds) => {
  const result = await autocannon({ url, connections, duration });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx + result.errors} requests failed`);
  return result.requests.average;
};
const verdict = (met: boolean) => (met ? 'met' : 'MISSED');

/**
 * Measures the wine service: parsing all fifteen files (target: under 150 ms), `GET /producaoCSV` against a bare Fastify route
 * that sends the same bytes (target: 0.85 of its requests per second), and the peak memory of an ingestion. With the real files of
 * May 2025 where they are at hand (`SHARED_DATA_DIR`), else with the sandbox's.
 */
export default async function wine(): Promise<void> {
  const real = join(resolve(root, process.env.SHARED_DATA_DIR ?? '../shared/data'), 'vitibrasil', '2025-05');
  const folder = mkdtempSync(join(tmpdir(), 'vindima-bench-'));
  const ports = { sandbox: await freePort(), wine: await freePort(), bare: await freePort() };
  const url = (name: keyof typeof ports, path: string) => `http://127.0.0.1:${ports[name]}${path}`;
  const started = [];
  try {
    const environment = {
      PORT: String(ports.sandbox),
      LOG_LEVEL: 'warn',
      ...(existsSync(real) && { SANDBOX_VITIBRASIL_DIR: real }),
    };
    started.push(await startProgram('services/sandbox/src/main.ts', [], environment, url('sandbox', '/health/live')));
    console.log(`files: ${existsSync(real) ? 'real ones of May 2025' : 'made up'}`);

    const ingestInto = join(folder, 'ingestion');
    const upstream = { VITIBRASIL_URL: url('sandbox', '/download') };
    const ingestion = await measure<{ before: number; peak: number; milliseconds: number }>(
      'services/wine/scripts/measure-ingestion.ts',
      [ingestInto],
      upstream,
    );
    const wineEnvironment = {
      PORT: String(ports.wine),
      DATA_DIR: join(folder, 'wine'),
      LOG_LEVEL: 'warn',
      ...upstream,
    };
    const address = url('wine', '/producaoCSV');
    started.push(await startProgram('services/wine/src/main.ts', [], wineEnvironment, address));
    const sources = join(folder, 'files');
    await copyFiles(url('wine', '/wine/series'), url('sandbox', '/download'), sources);
    const parsing = await measure<{ first: number; later: number; figures: number; bytes: number }>(
      'services/wine/scripts/measure-parsing.ts',
      [sources],
    );
    console.log(
      `parsing: all fifteen (${(parsing.bytes / 1000).toFixed(0)} kB, ${parsing.figures} figures) in ${parsing.first.toFixed(1)} ms ` +
        `the first time, ${parsing.later.toFixed(1)} ms later; target 150 ms: ${verdict(parsing.first < 150)}`,
    );

    const body = join(folder, 'body.json');
    writeFileSync(body, Buffer.from(await (await fetch(address)).arrayBuffer()));
    const bareArguments = [String(ports.bare), body];
    const bareAddress = url('bare', '/producaoCSV');
    started.push(await startProgram('packages/bench/src/wine/bare-server.ts', bareArguments, {}, bareAddress));
    const rates: { ours: number; bare: number }[] = [];
    for (const warmed of [address, bareAddress]) await rate(warmed, 3);
    for (let round = 0; round < rounds; round++) {
      // Each goes first half of the time, so that what else the machine does is nobody's advantage.
      const first = await rate(round % 2 === 0 ? bareAddress : address);
      const second = await rate(round % 2 === 0 ? address : bareAddress);
      rates.push(round % 2 === 0 ? { bare: first, ours: second } : { bare: second, ours: first });
    }
    const ours = median(rates.map((round) => round.ours));
    const bare = median(rates.map((round) => round.bare));
    // Of each round, as the machine is not the same from one to the next.
    const ratio = median(rates.map((round) => round.ours / round.bare));
    console.log(
      `GET /producaoCSV: ${ours.toFixed(0)} requests/s, a bare Fastify route ${bare.toFixed(0)}; ratio ${ratio.toFixed(2)}; ` +
        `target 0.85: ${verdict(ratio >= 0.85)}`,
    );
    console.log(
      `ingestion: all fifteen in ${(ingestion.milliseconds / 1000).toFixed(2)} s; peak memory ${ingestion.peak.toFixed(0)} MB ` +
        `(the process before it: ${ingestion.before.toFixed(0)} MB)`,
    );
  } finally {
    for (const child of started.reverse()) await stopProgram(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fetches the files of every series into a folder. */
const copyFiles = async (catalogue: string, download: string, folder: string) => {
  const { items } = (await (await fetch(catalogue)).json()) as { items: { file: string }[] };
  mkdirSync(folder);
  for (const { file } of items) {
    writeFileSync(join(folder, file), Buffer.from(await (await fetch(`${download}/${file}`)).arrayBuffer()));
  }
};
