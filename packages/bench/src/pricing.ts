import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startMariaDb } from '@vindima/test-servers/servers';
import { bareInserts } from './pricing/bare-inserts.ts';
import { type Client, client } from './pricing/client.ts';
import { serveFile } from './pricing/file-server.ts';
import { freePort, root, startProgram, stopProgram } from './wine/processes.ts';

interface Counts {
  readonly observations: number;
  readonly inserted: number;
  readonly revised: number;
}

const products = 10_000;
const requests = 15;
const historyFrom = '1999-01-04';

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const verdict = (met: boolean) => (met ? 'met' : 'MISSED');
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

/**
 * Measures the pricing service on MySQL and SQLite: all rates since 1999 loaded (target: under 10 s on MySQL) from the real file of May 2025
 * where it is at hand (`SHARED_DATA_DIR`), else from the sandbox's; `GET /prices` for 10,000 products (target: under 50 ms); and a daily
 * increment.
 */
export default async function pricing(): Promise<void> {
  const real = join(
    resolve(root, process.env.SHARED_DATA_DIR ?? '../shared/data'),
    'ecb',
    'eurofxref-hist_2025-05.csv',
  );
  const folder = mkdtempSync(join(tmpdir(), 'vindima-bench-'));
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const sandbox = `http://127.0.0.1:${await freePort()}`;
    const sandboxEnvironment = { PORT: new URL(sandbox).port, LOG_LEVEL: 'warn' };
    const standIn = await startProgram(
      'services/sandbox/src/main.ts',
      [],
      sandboxEnvironment,
      `${sandbox}/health/live`,
    );
    closing.push(() => stopProgram(standIn));
    await client(sandbox).time('/ecb/stats/eurofxref/eurofxref-hist.csv');
    const file = existsSync(real) ? await serveFile(real) : undefined;
    if (file !== undefined) closing.push(file.close);
    const rates = file?.url ?? `${sandbox}/ecb/stats/eurofxref/eurofxref-hist.csv`;
    console.log(`rates: ${file === undefined ? 'made up' : "the ECB's, 1999 to May 2025"}`);
    const server = await startMariaDb();
    closing.push(() => server.stop());

    const start = async (name: string, environment: Record<string, string>) => {
      const url = `http://127.0.0.1:${await freePort()}`;
      const settings = {
        PORT: new URL(url).port,
        DATA_DIR: join(folder, name),
        SANDBOX_URL: sandbox,
        LOG_LEVEL: 'warn',
        PRICING_SCHEDULE: 'off',
        PRICING_HISTORY_FROM: 'off',
        PRICING_RUN_AT_START: 'false',
        ...environment,
      };
      const program = await startProgram('services/pricing/src/main.ts', [], settings, `${url}/health/live`);
      closing.push(() => stopProgram(program));
      return { service: client(url), stop: () => stopProgram(program) };
    };
    for (const database of ['MySQL', 'SQLite'] as const) {
      const place = (name: string): Record<string, string> =>
        database === 'MySQL' ? { DATABASE_URL: `${server.url}/${name}` } : {};
      const first = await start(`${database}-file`, { ...place('bench_file'), CURRENCY_URL: rates });
      const loaded = await measureLoading(database, first.service);
      if (database === 'MySQL')
        console.log(`MySQL: as many rows by the bare driver in ${seconds(await bareInserts(server.url, loaded))}`);
      await first.stop();
      const second = await start(`${database}-sandbox`, place('bench_sandbox'));
      await measureServing(database, second.service, client(sandbox), async (body) => {
        const path = join(folder, `${database}.json`);
        writeFileSync(path, body);
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const bare = await startProgram(
          'packages/bench/src/wine/bare-server.ts',
          [String(port), path],
          {},
          `${url}/producaoCSV`,
        );
        closing.push(() => stopProgram(bare));
        return client(url);
      });
      await second.stop();
    }
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

const measureLoading = async (database: string, service: Client) => {
  const { milliseconds, result } = await service.job<Counts>('/pricing/history', { from: historyFrom });
  const target = database === 'MySQL' ? `; target 10 s: ${verdict(milliseconds < 10_000)}` : '';
  console.log(`${database}: ${result.inserted} rates loaded in ${seconds(milliseconds)}${target}`);
  const again = await service.job<Counts>('/pricing/history', { from: historyFrom });
  console.log(`${database}: the same file again, ${again.result.inserted} new, in ${seconds(again.milliseconds)}`);
  return result.inserted;
};

const measureServing = async (
  database: string,
  service: Client,
  sandbox: Client,
  startBare: (body: Buffer) => Promise<Client>,
) => {
  const history = await service.job<Counts>('/pricing/history', { from: historyFrom });
  console.log(
    `${database}: ${history.result.inserted} rates of the sandbox's data API in ${seconds(history.milliseconds)}`,
  );
  await sandbox.time('/store/api/v1/products?offset=0&limit=1');
  const { length } = await sandbox.json<unknown[]>('/store/api/v1/products');
  if (length < products) await sandbox.fill(products - length);
  const run = await service.job<{ prices: number }>('/pricing/runs', { currencies: ['EUR'] });
  console.log(`${database}: first run over ${products} products in ${seconds(run.milliseconds)}`);

  const query = `/prices?limit=${products}&currency=GBP`;
  const cold = await service.time(query);
  const bare = await startBare(await service.bytes(query));
  const times: number[] = [];
  const bareTimes: number[] = [];
  for (let request = 0; request < requests; request++) {
    times.push((await service.time(query)).milliseconds);
    bareTimes.push((await bare.time('/producaoCSV')).milliseconds);
  }
  // Answers are kept; these are made, from a catalogue that is kept.
  const made: number[] = [];
  for (const currency of [
    'AUD',
    'BRL',
    'CAD',
    'CHF',
    'CNY',
    'CZK',
    'DKK',
    'HKD',
    'HUF',
    'INR',
    'JPY',
    'NOK',
    'PLN',
    'SEK',
  ])
    made.push((await service.time(`/prices?limit=${products}&currency=${currency}`)).milliseconds);
  const page: number[] = [];
  for (let request = 0; request < requests; request++)
    page.push((await service.time('/prices?currency=GBP')).milliseconds);
  console.log(
    `${database}: GET /prices, ${products} products (${(cold.bytes / 1e6).toFixed(1)} MB): ${median(times).toFixed(1)} ms, ` +
      `the first time ${cold.milliseconds.toFixed(1)} ms, in a currency not asked for before ${median(made).toFixed(1)} ms; ` +
      `target 50 ms: ${verdict(median(made) < 50)}; ` +
      `a bare Fastify route that sends the same bytes: ${median(bareTimes).toFixed(1)} ms; a page of 100: ${median(page).toFixed(1)} ms`,
  );
  const increment = await service.job<{ rates: Counts }>('/pricing/runs', { currencies: ['EUR'] });
  console.log(
    `${database}: daily increment (${increment.result.rates.observations} rates, ${products} products compared) in ${seconds(increment.milliseconds)}`,
  );
};
