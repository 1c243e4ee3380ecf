import { type Job, ServiceError } from '@vindima/contracts';
import { type Database, openDatabase } from '@vindima/database';
import { type Cause, currentCause, withCause } from '@vindima/messaging';
import { databases, type TestDatabase } from '@vindima/test-servers';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobs, type JobRunner } from '../src/jobs/create-jobs.ts';
import type { JobContext } from '../src/jobs/jobs.ts';
import { type JobTables, jobMigrations } from '../src/jobs/table.ts';
import { createLogger } from '../src/logger.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const Input = Type.Object({ name: Type.String() });
type Context = JobContext<{ name: string }, JobTables>;

describe.each(await databases())('jobs on $dialect', ({ create }) => {
  let place: TestDatabase;
  let database: Database<JobTables>;
  let now: () => Date;
  const told: string[] = [];
  const runners: JobRunner[] = [];

  beforeEach(async () => {
    place = await create();
    database = await openDatabase<JobTables>({ url: place.url, service: 'test', migrations: jobMigrations });
    now = () => new Date();
    told.length = 0;
  });
  afterEach(async () => {
    for (const runner of runners.splice(0)) await runner.stop();
    await database.close();
    await place.drop();
  });

  const replica = (
    run: (context: Context) => Promise<unknown>,
    options: { concurrency?: number; begin?: boolean } = {},
  ) => {
    const jobs = createJobs({
      service: 'test',
      database,
      logger,
      clock: () => now(),
      concurrency: options.concurrency ?? 2,
      retentionDays: 30,
      announcer: {
        finished: async (_, job) => void told.push(`${job.id} ${job.state}`),
        progressed: async (job) => void told.push(`${job.id} ${job.progress}`),
      },
    });
    runners.push(jobs);
    const handle = jobs.define({ kind: 'test.work', input: Input, run });
    return { jobs, handle };
  };
  const ended = async (jobs: JobRunner, id: string): Promise<Job> => {
    let last: Job | undefined;
    for await (const job of jobs.watch(id, AbortSignal.timeout(10_000))) last = job;
    if (last === undefined) throw new Error('the job was never seen');
    return last;
  };
  const losses = async () =>
    (await database.query.selectFrom('jobs').select('leases_lost').executeTakeFirst())?.leases_lost;
  const deferred = () => Promise.withResolvers<void>();

  it('runs a job and keeps its result', async () => {
    const { jobs, handle } = replica(async ({ input }) => ({ hello: input.name }));
    await jobs.run();
    const { id } = await handle.start({ name: 'Ana' });
    expect(id).toMatch(/^test-/);
    expect(await ended(jobs, id)).toMatchObject({
      state: 'succeeded',
      progress: 1,
      attempts: 1,
      result: { hello: 'Ana' },
      error: null,
    });
    expect(told).toContain(`${id} succeeded`);
  });

  it('ends partial when its result has problems, and says which', async () => {
    const { jobs } = replica(async () => null);
    const problem = { code: 'test.half', error: 'Half of it is missing.', details: {} };
    const half = jobs.define({ kind: 'test.half', input: Input, problems: () => [problem], run: async () => 1 });
    await jobs.run();
    const { id } = await half.start({ name: 'Ana' });
    expect(await ended(jobs, id)).toMatchObject({ state: 'succeeded', outcome: 'partial', problems: [problem] });
  });

  it('is tried again when it fails, later each time, and not for ever', async () => {
    let time = Date.parse('2026-04-08T12:00:00.000Z');
    now = () => new Date(time);
    const begun: number[] = [];
    const { jobs, handle } = replica(async ({ attempt }) => {
      begun.push(attempt);
      throw new ServiceError(502, 'upstream.failed', 'The other side failed.');
    });
    await jobs.run();
    const { id } = await handle.start({ name: 'Ana' }, { retries: 4 });
    const waits: number[] = [];
    for (let again = 0; again < 4; again += 1) {
      await expect.poll(() => begun.length, { timeout: 5000 }).toBe(again + 1);
      await expect.poll(async () => (await jobs.get(id)).state, { timeout: 5000 }).toBe('queued');
      const row = await database.query.selectFrom('jobs').select('not_before').executeTakeFirstOrThrow();
      const due = Date.parse(row.not_before ?? '');
      waits.push((due - time) / 60_000);
      time = due;
    }
    expect(await ended(jobs, id)).toMatchObject({ state: 'failed', outcome: 'failed', attempts: 5 });
    expect(waits).toEqual([1, 2, 4, 8]);
  });

  it('is not tried again when it was asked for wrongly', async () => {
    const { jobs, handle } = replica(async () => {
      throw new ServiceError(422, 'test.wrong', 'That cannot be.');
    });
    await jobs.run();
    const { id } = await handle.start({ name: 'Ana' }, { retries: 4 });
    expect(await ended(jobs, id)).toMatchObject({ state: 'failed', attempts: 1 });
  });

  it('keeps its lease while its transaction waits for another', async () => {
    const { jobs, handle } = replica(async ({ transaction }) =>
      transaction(async () => {
        // The row of the job is free meanwhile: whoever renews the lease need not wait for the work.
        const { lease_until } = await database.query.selectFrom('jobs').select('lease_until').executeTakeFirstOrThrow();
        if (database.dialect === 'mysql') {
          await database.query.updateTable('jobs').set({ lease_until }).execute();
        }
        return 'free';
      }),
    );
    await jobs.run();
    const { id } = await handle.start({ name: 'Ana' });
    expect(await ended(jobs, id)).toMatchObject({ state: 'succeeded', result: 'free' });
  });

  it('is followed without its large input, and read once for all who follow it', async () => {
    const go = deferred();
    const { jobs, handle } = replica(async ({ input }) => {
      await go.promise;
      return input.name.length;
    });
    await jobs.run();
    const small = await handle.start({ name: 'Ana' });
    const large = await handle.start({ name: 'x'.repeat(1_000_000) });
    const follow = async (id: string) => {
      const seen: Job[] = [];
      for await (const job of jobs.watch(id, AbortSignal.timeout(10_000))) seen.push(job);
      return seen;
    };
    const followed = Promise.all([follow(small.id), ...Array.from({ length: 20 }, () => follow(large.id))]);
    go.resolve();
    const [ofSmall = [], ...ofLarge] = await followed;
    expect(new Set(ofSmall.map(({ input }) => JSON.stringify(input)))).toEqual(new Set(['{"name":"Ana"}']));
    for (const seen of ofLarge) {
      expect(seen.at(-1)).toMatchObject({ id: large.id, state: 'succeeded', result: 1_000_000, input: null });
      expect(JSON.stringify(seen).length).toBeLessThan(10_000);
    }
    expect((await jobs.get(large.id)).input).toEqual({ name: 'x'.repeat(1_000_000) });
    const [first, second] = [jobs.glance(large.id), jobs.glance(large.id)];
    expect(await first).toBe(await second);
    await expect(jobs.glance('test-unknown')).rejects.toMatchObject({ status: 404, code: 'test.unknown_job' });
  });

  it('says in a few words how a job ended', async () => {
    const { jobs } = replica(async () => null);
    const handle = jobs.define({
      kind: 'test.count',
      input: Input,
      run: async () => ({ rows: 3 }),
      summarize: (result: { rows: number }) => `${result.rows} rows`,
    });
    await jobs.run();
    expect((await ended(jobs, (await handle.start({ name: 'a' })).id)).message).toBe('3 rows');
  });

  it('fails a job with the code of its error, and hides what was not expected', async () => {
    const { jobs, handle } = replica(async ({ input }) => {
      if (input.name === 'known') throw new ServiceError(422, 'test.bad', 'It is bad.', { details: { row: 3 } });
      throw new Error('password hunter2');
    });
    await jobs.run();
    const known = await ended(jobs, (await handle.start({ name: 'known' })).id);
    expect(known).toMatchObject({
      state: 'failed',
      error: { code: 'test.bad', error: 'It is bad.', details: { row: 3 } },
    });
    const unknown = await ended(jobs, (await handle.start({ name: 'unknown' })).id);
    expect(unknown.state).toBe('failed');
    expect(JSON.stringify(unknown)).not.toContain('hunter2');
  });

  it('gives the first job again for the same key, also to two at once, and refuses another input', async () => {
    const { jobs, handle } = replica(async () => null);
    const [one, two] = await Promise.all([1, 2].map(() => handle.start({ name: 'a' }, { idempotencyKey: 'k' })));
    expect(one?.id).toBe(two?.id);
    await expect(handle.start({ name: 'b' }, { idempotencyKey: 'k' })).rejects.toMatchObject({
      status: 409,
      code: 'test.idempotency_key_reused',
    });
    expect((await jobs.list({ limit: 10 })).items).toHaveLength(1);
  });

  it('starts a job only if the transaction it belongs to commits', async () => {
    const { jobs, handle } = replica(async () => null);
    await expect(
      database.transaction(async (transaction) => {
        await handle.start({ name: 'a' }, { transaction });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect((await jobs.list({ limit: 10 })).items).toEqual([]);
  });

  it('runs each job once, however many replicas look for work', async () => {
    const runs: string[] = [];
    const work = async ({ id }: Context) => {
      runs.push(id);
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const replicas = [replica(work), replica(work), replica(work)];
    const first = replicas[0];
    if (first === undefined) throw new Error('no replica');
    const ids = [];
    for (let index = 0; index < 20; index++) ids.push((await first.handle.start({ name: String(index) })).id);
    await Promise.all(replicas.map(({ jobs }) => jobs.run()));
    for (const id of ids) await ended(first.jobs, id);
    expect(runs.sort()).toEqual(ids.sort());
  });

  it('runs no more jobs at once than it may', async () => {
    let running = 0;
    let most = 0;
    const { jobs, handle } = replica(
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 10));
        running--;
      },
      { concurrency: 3 },
    );
    await jobs.run();
    const started = await Promise.all(Array.from({ length: 12 }, (_, index) => handle.start({ name: String(index) })));
    for (const { id } of started) await ended(jobs, id);
    expect(most).toBe(3);
  });

  it('reports progress while it runs, and never after the end', async () => {
    const { jobs, handle } = replica(async ({ progress }) => {
      progress(0.5, 'half');
      await new Promise((resolve) => setTimeout(resolve, 400));
      progress(0.9, 'too late to be written');
    });
    await jobs.run();
    const { id } = await handle.start({ name: 'a' });
    const job = await ended(jobs, id);
    expect(told).toEqual([`${id} 0.5`, `${id} succeeded`]);
    expect(job).toMatchObject({ progress: 1, message: 'done' });
  });

  it('cancels a waiting job at once, a running one when it notices, and an ended one not at all', async () => {
    const begun = deferred();
    const { jobs, handle } = replica(
      ({ signal }) => {
        begun.resolve();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
      { concurrency: 1 },
    );
    await jobs.run();
    const running = await handle.start({ name: 'running' });
    await begun.promise;
    const waiting = await handle.start({ name: 'waiting' });
    expect((await jobs.cancel(waiting.id)).state).toBe('cancelled');
    await jobs.cancel(running.id);
    expect((await ended(jobs, running.id)).state).toBe('cancelled');
    await expect(jobs.cancel(running.id)).rejects.toMatchObject({ status: 409, code: 'test.job_finished' });
    await expect(jobs.cancel('test-none')).rejects.toMatchObject({ status: 404 });
    expect(told.sort()).toEqual([`${running.id} cancelled`, `${waiting.id} cancelled`].sort());
  });

  it('gives a running job back when it stops, and the next process begins it again', async () => {
    const begun = deferred();
    const first = replica(({ signal }) => {
      begun.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await first.jobs.run();
    const { id } = await first.handle.start({ name: 'a' });
    await begun.promise;
    await first.jobs.stop();
    expect(await first.jobs.get(id)).toMatchObject({ state: 'queued', attempts: 0 });
    const second = replica(async ({ attempt }) => attempt);
    await second.jobs.run();
    expect(await ended(second.jobs, id)).toMatchObject({ state: 'succeeded', result: 1 });
  });

  it('takes over a job whose process has gone silent, and the old one can change nothing any more', async () => {
    const begun = deferred();
    const release = deferred();
    let late: unknown;
    const first = replica(async ({ attempt, complete }) => {
      if (attempt > 1) return 'second';
      begun.resolve();
      await release.promise;
      late = await complete(async () => 'first').catch((error: unknown) => error);
      throw late;
    });
    await first.jobs.run();
    const { id } = await first.handle.start({ name: 'a' });
    await begun.promise;
    now = () => new Date(Date.now() + 60_000);
    const second = replica(async ({ attempt }) => `attempt ${attempt}`);
    await second.jobs.run();
    const job = await ended(second.jobs, id);
    expect(job.attempts).toBe(2);
    const result = job.result;
    release.resolve();
    await first.jobs.stop();
    expect(late).toBeInstanceOf(Error);
    expect(await second.jobs.get(id)).toMatchObject({ state: 'succeeded', result, attempts: 2 });
    expect(told.filter((line) => line.endsWith('succeeded'))).toHaveLength(1);
    expect(await losses()).toBe(1);
  });

  it('notes the loss also where the work itself finds out', async () => {
    const begun = deferred();
    const release = deferred();
    const first = replica(async ({ attempt, transaction }) => {
      if (attempt > 1) return;
      begun.resolve();
      await release.promise;
      await transaction(async () => undefined);
    });
    await first.jobs.run();
    const { id } = await first.handle.start({ name: 'a' });
    await begun.promise;
    now = () => new Date(Date.now() + 60_000);
    const second = replica(async () => null);
    await second.jobs.run();
    await ended(second.jobs, id);
    release.resolve();
    await first.jobs.stop();
    expect(await losses()).toBe(1);
  });

  it('does not take over a job that it runs itself', async () => {
    const begun = deferred();
    const release = deferred();
    const { jobs, handle } = replica(async () => {
      begun.resolve();
      await release.promise;
    });
    await jobs.run();
    const { id } = await handle.start({ name: 'a' });
    await begun.promise;
    // As if the process had been too busy to renew its lease.
    await database.query.updateTable('jobs').set({ lease_until: '2020-01-01T00:00:00.000Z' }).execute();
    const other = await handle.start({ name: 'b' });
    release.resolve();
    await ended(jobs, other.id);
    expect(await ended(jobs, id)).toMatchObject({ state: 'succeeded', attempts: 1 });
  });

  it('gives up on a job whose process dies again and again', async () => {
    const { jobs, handle } = replica(async () => 'never');
    const { id } = await handle.start({ name: 'a' });
    await database.query
      .updateTable('jobs')
      .set({ state: 'running', attempts: 3, lease_token: 'gone', lease_until: '2020-01-01T00:00:00.000Z' })
      .execute();
    await jobs.run();
    expect(await ended(jobs, id)).toMatchObject({ state: 'failed', error: { code: 'jobs.crashed' } });
  });

  it.each([
    [0, 'jobs.crashed', /^The job was begun 3 times and its process died each time\.$/],
    [1, 'jobs.crashed', /its process died 2 times, and once it did not renew its lease within 15 s/],
    [3, 'jobs.lease_lost', /^The job was begun 3 times; each time its process lived but did not renew its lease/],
  ])('tells the deaths of its processes from leases that were lost (%i of 3)', async (leases_lost, code, message) => {
    const { jobs, handle } = replica(async () => 'never');
    const { id } = await handle.start({ name: 'a' });
    const late = { lease_token: 'gone', lease_until: '2020-01-01T00:00:00.000Z' };
    await database.query
      .updateTable('jobs')
      .set({ state: 'running', attempts: 3, leases_lost, ...late })
      .execute();
    await jobs.run();
    const error = { code, error: expect.stringMatching(message) };
    expect(await ended(jobs, id)).toMatchObject({ state: 'failed', error });
  });

  it('keeps for whom a job is, works for them, and finds it by that', async () => {
    const causes = new Map<string, Cause | undefined>();
    const { jobs, handle } = replica(async ({ input }) => void causes.set(input.name, currentCause()));
    await jobs.run();
    const long = 'x'.repeat(600);
    const started = await withCause({ commandId: 'c-1', reference: 'order 4711' }, () => handle.start({ name: 'a' }));
    await withCause({ commandId: long }, () => handle.start({ name: 'b' }, { reference: 'named by the caller' }));
    const { id } = await handle.start({ name: 'c' });
    await ended(jobs, id);
    expect(causes.get('c')).toEqual({});
    expect(await ended(jobs, started.id)).toMatchObject({ command_id: 'c-1', reference: 'order 4711', outputs: {} });
    expect(causes.get('a')).toEqual({ commandId: 'c-1', reference: 'order 4711' });
    const names = async (query: { command_id?: string; reference?: string }) =>
      (await jobs.list({ limit: 10, ...query })).items.map(({ input }) => (input as { name: string }).name);
    expect(await names({ command_id: 'c-1' })).toEqual(['a']);
    expect(await names({ reference: 'order 4711' })).toEqual(['a']);
    expect(await names({ command_id: long })).toEqual(['b']);
    expect(await names({ reference: 'named by the caller' })).toEqual(['b']);
    expect(await names({ reference: 'nobody' })).toEqual([]);
  });

  it('names what came out of a job', async () => {
    const { jobs } = replica(async () => null);
    const handle = jobs.define({
      kind: 'test.make',
      input: Input,
      run: async ({ input }) => ({ key: `things/${input.name}` }),
      outputs: ({ key }: { key: string }) => ({ objects: [key] }),
    });
    await jobs.run();
    const { id } = await handle.start({ name: 'a' });
    expect((await jobs.get(id)).outputs).toEqual({});
    expect((await ended(jobs, id)).outputs).toEqual({ objects: ['things/a'] });
  });

  it('commits the last effects of a job together with its success', async () => {
    const { jobs, handle } = replica(({ complete }) =>
      complete(async (transaction) => {
        await transaction.updateTable('jobs').set({ message: 'changed by the work' }).execute();
        throw new ServiceError(422, 'test.late', 'It failed at the very end.');
      }),
    );
    await jobs.run();
    const job = await ended(jobs, (await handle.start({ name: 'a' })).id);
    expect(job).toMatchObject({ state: 'failed', message: 'It failed at the very end.' });
  });

  it('lists jobs newest first, page by page, by state and kind', async () => {
    const { jobs, handle } = replica(async () => null);
    const ids = [];
    for (let index = 0; index < 5; index++) ids.unshift((await handle.start({ name: String(index) })).id);
    const first = await jobs.list({ limit: 3 });
    const second = await jobs.list({ limit: 3, ...(first.next_cursor === null ? {} : { cursor: first.next_cursor }) });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.next_cursor).toBeNull();
    expect((await jobs.list({ limit: 3, state: 'failed' })).items).toEqual([]);
  });
});
