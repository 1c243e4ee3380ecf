import { ServiceError } from '@vindima/contracts';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import type { JobContext } from '../src/jobs/jobs.ts';
import type { JobTables } from '../src/jobs/table.ts';
import { waitForServers } from '../src/jobs/wait-for-servers.ts';
import { createLogger } from '../src/logger.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const unavailable = () => new ServiceError(503, 'object_store.unavailable', 'The bucket is away.');

/** A job whose first attempts end with these errors. */
const runWith = async (errors: readonly Error[], signal = new AbortController().signal) => {
  const left = [...errors];
  let attempts = 0;
  const run = async ({ attempt }: { attempt: number }) => {
    attempts += 1;
    expect(attempt).toBe(attempts);
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'done';
  };
  const job = waitForServers({ kind: 'test.work', input: Type.Never() as never, run }, logger, [1, 1, 1]);
  const context = { id: 'test-1', attempt: 1, signal } as JobContext<never, JobTables>;
  const result = await job.run(context).catch((error: unknown) => error);
  return { result, attempts };
};

describe('a job', () => {
  it('begins again when a server of the platform was away for a moment', async () => {
    expect(await runWith([unavailable(), unavailable()])).toEqual({ result: 'done', attempts: 3 });
  });

  it('fails when it stays away', async () => {
    const { result, attempts } = await runWith(Array.from({ length: 9 }, unavailable));
    expect([(result as ServiceError).code, attempts]).toEqual(['object_store.unavailable', 4]);
  });

  it('fails at once for any other reason, and when it is to end', async () => {
    const wrong = new ServiceError(422, 'datasets.unreadable', 'It is no table.');
    expect(await runWith([wrong])).toEqual({ result: wrong, attempts: 1 });
    expect((await runWith([unavailable()], AbortSignal.abort())).attempts).toBe(1);
  });
});
