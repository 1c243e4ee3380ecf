// Shows that replicas share the work and that no job runs twice:
//
//   docker compose up --detach --wait --scale datasets=3 --scale inference=2
//   node --env-file=.env deploy/try/replicas.ts
import { call, containers, docker, jobEnd, startDeduplication, uploadTable } from './platform.ts';

const requested = 60;
const say = (line: string) => process.stdout.write(`${line}\n`);
const problems: string[] = [];

/** Which container finished which job, by their logs. */
const finishedBy = async (service: string): Promise<Map<string, string[]>> => {
  const replicas = new Map<string, string[]>();
  for (const { id, name } of (await containers()).filter((container) => container.service === service)) {
    const lines = (await docker('logs', id)).split('\n').filter((line) => line.includes('"msg":"job succeeded"'));
    replicas.set(
      name,
      lines.map((line) => JSON.parse(line).job),
    );
  }
  return replicas;
};

/** Holds the jobs that were asked for to the logs: each was finished once, and every replica had its part. */
const judge = async (service: string, jobs: readonly string[]) => {
  const asked = new Set(jobs);
  const replicas = await finishedBy(service);
  const runs = new Map<string, number>();
  for (const [name, finished] of replicas) {
    const mine = finished.filter((job) => asked.has(job));
    for (const job of mine) runs.set(job, (runs.get(job) ?? 0) + 1);
    say(`${name}: ${mine.length} jobs`);
    if (mine.length === 0) problems.push(`${name} had no part in the work`);
  }
  for (const job of asked) {
    if (runs.get(job) !== 1) problems.push(`the job ${job} was finished ${runs.get(job) ?? 0} times`);
  }
};

/** Waits for the jobs' ends. */
const finish = async (jobs: readonly string[]) => {
  for (const { id, state, error } of await Promise.all(jobs.map(jobEnd))) {
    if (state !== 'succeeded') problems.push(`the job ${id} ${state}: ${JSON.stringify(error)}`);
  }
};

const stamp = Date.now();
const table = await uploadTable(`replicas-${stamp}`, 20_000);
const cleaning = await Promise.all(
  // Every request is made twice with its key, at once: a job each.
  Array.from({ length: requested }, async (_, index) => {
    const key = `replicas-${stamp}-${index}`;
    const [first, again] = await Promise.all([startDeduplication(table, key), startDeduplication(table, key)]);
    if (first.id !== again.id) problems.push(`${key} became two jobs`);
    return first.id;
  }),
);
await finish(cleaning);
await judge('datasets', cleaning);

// Without a body, the model that comes with the service.
await call('POST', '/model/load/');
const { key: object_key } = await call<{ key: string }>('POST', `/datasets/${table}/export`);
const predicting = await Promise.all(
  Array.from({ length: requested / 3 }, async (_, index) => {
    const idempotencyKey = `replicas-${stamp}-${index}`;
    return (await call<{ id: string }>('POST', '/predictions', { body: { object_key }, idempotencyKey })).id;
  }),
);
await finish(predicting);
await judge('inference', predicting);

for (const problem of problems) say(`WRONG: ${problem}`);
say(problems.length === 0 ? 'every job ran once' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
