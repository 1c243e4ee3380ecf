// What the scripts beside this one share: the platform that `docker compose up` runs, seen from outside.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs docker. @returns what it wrote, standard error after standard output */
export const docker = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await run('docker', args, { maxBuffer: 256 * 1024 * 1024 });
  return stdout + stderr;
};

export interface Container {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** `healthy`, or what it is instead */
  readonly health: string;
}

/** The containers of the platform. */
export const containers = async (): Promise<Container[]> => {
  const lines = (await docker('compose', 'ps', '--all', '--format', 'json')).trim().split('\n');
  return (
    lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      // It has ended when all others run.
      .filter((row) => row.Service !== 'secrets')
      .map((row) => ({ id: row.ID, name: row.Name, service: row.Service, health: row.Health || row.State }))
  );
};

/** Waits until every container is healthy. @returns seconds */
export const allHealthy = async (within = 120): Promise<number> => {
  const start = performance.now();
  for (;;) {
    const ill = (await containers()).filter(({ health }) => health !== 'healthy');
    const seconds = (performance.now() - start) / 1000;
    if (ill.length === 0) return seconds;
    if (seconds > within) throw new Error(`after ${within} s: ${ill.map(({ name, health }) => `${name} ${health}`)}`);
    await sleep(500);
  }
};

const gateway = process.env.E2E_URL ?? `http://127.0.0.1:${process.env.GATEWAY_PORT || 8080}`;
let token: string | undefined;

const logIn = async (): Promise<string> => {
  const response = await fetch(`${gateway}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: process.env.ADMIN_PASSWORD }),
    signal: AbortSignal.timeout(20_000),
  });
  if (!response.ok) throw new Error(`login: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
};

export interface Call {
  readonly body?: unknown;
  readonly form?: () => FormData;
  readonly idempotencyKey?: string;
}

let repeats = 0;
/** How often a request had to be repeated. */
export const repeated = (): number => repeats;

/**
 * A request through the gateway, as a client makes it that means it: repeated for up to two minutes while the answer is that
 * there is none (a broken connection, 429, 5xx). @throws on any other answer than 2xx
 */
export const call = async <Answer>(method: string, path: string, { body, form, idempotencyKey }: Call = {}) => {
  const until = Date.now() + 120_000;
  for (;;) {
    let problem: string;
    try {
      token ??= await logIn();
      const response = await fetch(gateway + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        body: form?.() ?? (body === undefined ? null : JSON.stringify(body)),
        signal: AbortSignal.timeout(30_000),
      });
      const text = await response.text();
      if (response.ok) return JSON.parse(text) as Answer;
      problem = `${method} ${path}: ${response.status} ${text.slice(0, 300)}`;
      if (response.status === 401) token = undefined;
      else if (response.status < 500 && response.status !== 429) throw new TypeError(problem);
    } catch (error) {
      if (error instanceof TypeError && error.message !== 'fetch failed' && error.message !== 'terminated') throw error;
      problem = `${method} ${path}: ${error}`;
    }
    if (Date.now() > until) throw new Error(`given up: ${problem}`);
    repeats += 1;
    await sleep(500);
  }
};

export interface JobView {
  readonly id: string;
  readonly state: string;
  readonly attempts?: number;
  readonly error?: unknown;
}

/** Waits for a job's end. */
export const jobEnd = async (id: string): Promise<JobView> => {
  const until = Date.now() + 180_000;
  for (;;) {
    const job = await call<JobView>('GET', `/jobs/${id}`);
    if (!['queued', 'running'].includes(job.state)) return job;
    if (Date.now() > until) throw new Error(`the job ${id} does not end: ${JSON.stringify(job)}`);
    await sleep(500);
  }
};

/** A table of `rows` made-up flowers, each of them twice, and its upload. @returns the table's id */
export const uploadTable = async (name: string, rows: number): Promise<string> => {
  const lines = Array.from(
    { length: rows },
    (_, row) => `${name},${row},${4 + (row % 40) / 10},3.1,${1 + (row % 60) / 10},0.2`,
  );
  const header = 'name,row,SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm';
  const csv = [header, ...lines, ...lines].join('\n');
  const form = () => {
    const data = new FormData();
    data.append('file', new Blob([csv], { type: 'text/csv' }), `${name}.csv`);
    return data;
  };
  return (await call<{ file_id: string }>('POST', '/api/upload', { form })).file_id;
};

/** Asks for a table without its repetitions, as a job. */
export const startDeduplication = (fileId: string, idempotencyKey: string): Promise<JobView> =>
  call('POST', '/api/process', {
    body: { file_id: fileId, operations: [{ type: 'clean', params: { remove_duplicates: true } }], async: true },
    idempotencyKey,
  });
