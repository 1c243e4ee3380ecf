import { execFile, spawn } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Agent, FormData, fetch, type Response, request, setGlobalDispatcher } from 'undici';
import { watchMemory } from './datasets/memory.ts';

const run = promisify(execFile);
// Reading gigabytes takes longer than a client usually waits.
setGlobalDispatcher(new Agent({ headersTimeout: 0, bodyTimeout: 0 }));
const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = (name: string) => fileURLToPath(new URL(`./datasets/${name}.ts`, import.meta.url));

const largestRatio = 1.5;
const rounds = 3;

/**
 * Measures the datasets service over HTTP on a CSV of a million rows, against plain DuckDB with the same threads and memory
 * doing the same from the same CSV, and from Parquet (which is the harder comparison: somebody has converted it already).
 * The same of cleaning is to keep the first of equal rows and the order; what it takes without (`SELECT DISTINCT`) is printed too.
 * `npm run bench -- datasets large` cleans a CSV of 2 GB under the memory limit instead.
 */
export default async function datasets(args: readonly string[]): Promise<void> {
  const large = args.includes('large');
  const folder = await mkdtemp(join(tmpdir(), 'vindima-bench-datasets-'));
  const file = join(folder, 'table.csv');
  const service = await startService(folder);
  try {
    await run(process.execPath, [program('generate'), file, large ? '24500000' : '1000000']);
    console.log(`${((await stat(file)).size / 1e6).toFixed(0)} MB of CSV; engines: 2 threads, 512 MB`);
    await (large ? cleanLarge(service, file) : compare(service, file, folder));
  } finally {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Service = Awaited<ReturnType<typeof startService>>;

const startService = async (folder: string) => {
  const port = await freePort();
  const child = spawn(process.execPath, [join(root, 'services/datasets/src/main.ts')], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      SCRATCH_DIR: join(folder, 'scratch'),
      LOG_LEVEL: 'warn',
      RATE_LIMIT: '0',
      MAX_CONTENT_LENGTH: '4000000000',
      REQUEST_TIMEOUT_SECONDS: '1800',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok === true) break;
    if (attempt > 300 || child.exitCode !== null) throw new Error('the service did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const memory = watchMemory(child.pid ?? 0);
  return {
    url,
    memory,
    stop: async () => {
      memory.stop();
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
    },
  };
};

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const upload = async ({ url }: Service, file: string): Promise<string> => {
  const form = new FormData();
  form.set('file', await openAsBlob(file), 'table.csv');
  const { file_id: id } = await json(await fetch(`${url}/api/upload`, { method: 'POST', body: form }));
  return String(id);
};

const post = async ({ url }: Service, path: string, body: unknown) =>
  json(
    await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );

const json = async (response: Response): Promise<Record<string, unknown>> => {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text) as Record<string, unknown>;
};

/** Reads a file to its end without keeping it. @returns its bytes */
const drain = async (url: string): Promise<number> => {
  const { statusCode, body } = await request(url);
  if (statusCode !== 200) throw new Error(`${url}: ${statusCode} ${await body.text()}`);
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
};

const cleaning = (format: string) => [
  { type: 'clean', params: { remove_duplicates: true, handle_missing: 'drop' } },
  { type: 'transform', params: { output_format: format } },
];

const rules = {
  id: { unique: true },
  name: { type: 'string', required: true },
  age: { type: 'integer', min: 0, max: 150 },
  email: { type: 'email', required: true },
  amount: { type: 'number', min: 0 },
};

interface Measure {
  readonly milliseconds: number;
  /** Bytes: the whole service with its engines, and the largest engine. */
  readonly total: number;
  readonly engine: number;
}

const measure = async ({ memory }: Service, work: () => Promise<unknown>): Promise<Measure> => {
  memory.take();
  const began = performance.now();
  await work();
  const milliseconds = performance.now() - began;
  const { total, largestChild } = memory.take();
  return { milliseconds, total, engine: largestChild };
};

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Plain {
  readonly milliseconds: number;
  readonly peak: number;
}

const plain = async (folder: string, file: string, task: string): Promise<Plain> => {
  const { stdout } = await run(process.execPath, [program('plain-duckdb'), folder, file, task]);
  return JSON.parse(stdout);
};

const together = (results: readonly Plain[]): Plain => ({
  milliseconds: median(results.map(({ milliseconds }) => milliseconds)),
  peak: Math.max(...results.map(({ peak }) => peak)),
});

const compare = async (service: Service, file: string, folder: string): Promise<void> => {
  await plain(folder, file, 'to-parquet');
  const parquet = join(folder, 'plain.parquet');
  let id = '';
  report(
    'upload',
    await measure(service, async () => {
      id = await upload(service, file);
    }),
    await plain(folder, file, 'to-parquet'),
  );
  const process_ = async (format: string) => {
    const answer = await post(service, '/api/process', { file_id: id, operations: cleaning(format), async: false });
    const { download_url: url } = answer.processed_data as { download_url: string };
    await drain(service.url + url);
  };
  const works: [name: string, task: string, work: () => Promise<unknown>][] = [
    ['clean to JSON', 'clean-json', () => process_('json')],
    ['clean to CSV', 'clean-csv', () => process_('csv')],
    ['validate', 'validate', () => post(service, '/api/validate', { file_id: id, schema: rules, async: false })],
    [
      'analyse',
      'analyze',
      () =>
        post(service, '/api/analyze', {
          file_id: id,
          analysis_type: 'descriptive',
          columns: ['id', 'age', 'amount'],
          async: false,
        }),
    ],
  ];
  for (const [name, task, work] of works) {
    const ours: Measure[] = [];
    const fromCsv: Plain[] = [];
    const fromParquet: Plain[] = [];
    const unordered: Plain[] = [];
    // In turns, so that whatever else the machine does hits all of them.
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await measure(service, work));
      fromCsv.push(await plain(folder, file, task));
      fromParquet.push(await plain(folder, parquet, task));
      if (task.startsWith('clean')) unordered.push(await plain(folder, file, `${task}-unordered`));
    }
    const best = {
      milliseconds: median(ours.map(({ milliseconds }) => milliseconds)),
      total: Math.max(...ours.map(({ total }) => total)),
      engine: Math.max(...ours.map(({ engine }) => engine)),
    };
    report(name, best, together(fromCsv), together(fromParquet));
    if (unordered.length > 0) report(`${name}, against rows in any order`, best, together(unordered));
  }
  report('Excel out', await measure(service, async () => drain(`${service.url}/api/download/${id}?format=excel`)));
};

const report = (
  name: string,
  ours: Measure,
  csv?: { milliseconds: number; peak: number },
  parquet?: { milliseconds: number; peak: number },
): void => {
  const mega = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  const against = (label: string, other: { milliseconds: number; peak: number } | undefined) =>
    other === undefined
      ? ''
      : `; DuckDB from ${label} ${Math.round(other.milliseconds)} ms, ${mega(other.peak)}: ratio ${(ours.milliseconds / other.milliseconds).toFixed(2)}`;
  const target =
    parquet === undefined || csv === undefined
      ? ''
      : ours.milliseconds / csv.milliseconds <= largestRatio
        ? ' (target met)'
        : ' (TARGET MISSED)';
  console.log(
    `${name}: ${Math.round(ours.milliseconds)} ms, peak ${mega(ours.total)} with all processes, ${mega(ours.engine)} the largest engine${against('CSV', csv)}${target}${against('Parquet', parquet)}`,
  );
};

const cleanLarge = async (service: Service, file: string): Promise<void> => {
  let id = '';
  report(
    'upload',
    await measure(service, async () => {
      id = await upload(service, file);
    }),
  );
  let answer: Record<string, unknown> = {};
  report(
    'clean to CSV',
    await measure(service, async () => {
      answer = await post(service, '/api/process', { file_id: id, operations: cleaning('csv'), async: false });
    }),
  );
  console.log(JSON.stringify(answer.statistics));
  const { download_url: url } = answer.processed_data as { download_url: string };
  report('download as CSV', await measure(service, async () => drain(service.url + url)));
};
