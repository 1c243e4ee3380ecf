// Kills every container in turn while clients work, and shows that nothing of what the platform has accepted is lost:
//
//   node --env-file=.env deploy/try/kill-each.ts            by `docker kill`
//   sudo node --env-file=.env deploy/try/kill-each.ts crash   by killing the process from outside
//
// Docker takes `docker kill` for somebody's decision and lets no restart policy undo it, so the script starts the container
// again; after a crash the restart policy does.
import { setTimeout as sleep } from 'node:timers/promises';
import { allHealthy, call, containers, docker, jobEnd, repeated, startDeduplication, uploadTable } from './platform.ts';

const crash = process.argv[2] === 'crash';
const within = 30;
const rows = 200;
const say = (line: string) => process.stdout.write(`${line}\n`);

const tables = new Set<string>();
const jobs = new Map<string, string>();
let working = true;

/** A client that uploads tables and asks for work on them, each request repeated with its key until it is accepted. */
const client = async (name: string) => {
  for (let turn = 0; working; turn++) {
    const label = `${name}-${Date.now()}`;
    const table = await uploadTable(label, rows);
    tables.add(table);
    const key = `try-${label}`;
    jobs.set(key, (await startDeduplication(table, key)).id);
    if (turn % 5 === 0) {
      const run = await call<{ id: string }>('POST', '/wine/ingestions', {
        body: { series: ['production'] },
        idempotencyKey: key,
      });
      jobs.set(`${key}-wine`, run.id);
    }
    await call('GET', '/producaoCSV');
    await call('GET', `/datasets/${table}/rows?limit=1`);
    await sleep(700);
  }
};

await allHealthy();
const clients = Promise.all(['one', 'two'].map(client));
// Without a catch here a client's early end would be nobody's; it is awaited below.
clients.catch(() => {});

let slowest = 0;
for (const { id, service, name } of await containers()) {
  await sleep(3000);
  if (crash) {
    process.kill(Number(await docker('inspect', '--format', '{{.State.Pid}}', id)), 'SIGKILL');
    await sleep(500);
  } else {
    await docker('kill', id);
    await docker('start', id);
  }
  const seconds = await allHealthy();
  slowest = Math.max(slowest, seconds);
  say(`${service.padEnd(10)} ${name}: all healthy after ${seconds.toFixed(1)} s`);
}
working = false;
await clients;

const problems: string[] = [];
const ends = await Promise.all([...jobs].map(async ([key, id]) => ({ key, ...(await jobEnd(id)) })));
let told = 0;
for (const { key, id, state, error } of ends) {
  // Where the sandbox was away, that the source failed is the answer.
  if (state === 'failed' && JSON.stringify(error).includes('upstream.failed')) told += 1;
  else if (state !== 'succeeded') problems.push(`the job ${id} (${key}) ${state}: ${JSON.stringify(error)}`);
}
if (new Set(jobs.values()).size !== jobs.size) problems.push('two requests were given the same job');
for (const table of tables) {
  const stored = await call<{ rows: number }>('GET', `/datasets/${table}`);
  if (stored.rows !== 2 * rows) problems.push(`the table ${table} has ${stored.rows} rows`);
}
const letters = await call<{ items: unknown[] }>('GET', '/dead-letters');
if (letters.items.length > 0) problems.push(`dead letters: ${JSON.stringify(letters.items).slice(0, 1000)}`);
if (slowest > within) problems.push(`healthy again only after ${slowest.toFixed(1)} s`);

say(
  `${tables.size} tables and ${jobs.size} jobs were accepted; ${told} jobs were told that their source failed; ${repeated()} requests had to be repeated`,
);
for (const problem of problems) say(`LOST: ${problem}`);
say(problems.length === 0 ? 'nothing was lost' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
