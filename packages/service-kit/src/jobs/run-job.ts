import { isNoSpace, noSpace, ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { Logger } from '../logger.ts';
import type { JobAnnouncer, JobContext, JobDefinition } from './jobs.ts';
import { type JobOutcome, type JobStore, type JobTransaction, type Lease, leaseMs, toJob } from './store.ts';
import type { JobTables } from './table.ts';

type Definition = JobDefinition<never, JobTables>;

export interface RunJobOptions {
  readonly store: JobStore;
  readonly database: Database<JobTables>;
  readonly announcer: JobAnnouncer;
  readonly logger: Logger;
  /** Aborted when the service stops. */
  readonly stopping: AbortSignal;
  readonly onChange: (id: string) => void;
}

const reportMs = 250;

class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}
class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** Runs one attempt of a job that this process has claimed, and writes down how it ended. Never rejects. */
export const runJob = async (
  definition: Definition,
  lease: Lease,
  cancel: AbortSignal,
  options: RunJobOptions,
): Promise<void> => {
  const { store, database, announcer, logger, stopping, onChange } = options;
  const { row } = lease;
  const about = { job: row.id, kind: row.kind, attempt: row.attempts };
  const lost = new AbortController();
  const signal = AbortSignal.any([stopping, cancel, lost.signal]);
  let completed = false;

  const settle = async (transaction: JobTransaction, outcome: JobOutcome) => {
    if (!(await store.finish(transaction, lease, outcome))) throw new LeaseLostError();
    await announcer.finished(transaction as never, toJob(await store.get(row.id, transaction)));
  };
  const heartbeat = setInterval(() => {
    store.renew(lease).then(
      (state) => {
        if (!state.held) lost.abort(new LeaseLostError());
        else if (state.cancelRequested) lost.abort(new CancelledError());
      },
      (error: unknown) => logger.warn({ err: error, ...about }, 'could not renew the lease of a job'),
    );
  }, leaseMs / 3);
  const reports = createReporter(lease, options);

  const context: JobContext<never, JobTables> = {
    id: row.id,
    input: JSON.parse(row.input) as never,
    attempt: row.attempts,
    signal,
    progress: reports.report,
    transaction: (work) =>
      database.transaction(async (transaction) => {
        await store.assertHeld(transaction, lease);
        return work(transaction);
      }),
    complete: async (work) => {
      await reports.stop();
      await database.transaction(async (transaction) => {
        const result = await work(transaction);
        await settle(transaction, {
          state: 'succeeded',
          message: definition.summarize?.(result as never) ?? 'done',
          result: result ?? null,
        });
      });
      completed = true;
    },
  };

  try {
    if (row.attempts > (definition.maximumAttempts ?? 3)) {
      throw new ServiceError(
        500,
        'jobs.crashed',
        `The job was begun ${row.attempts - 1} times and its process died each time.`,
      );
    }
    const result = await definition.run(context);
    if (!completed) await context.complete(async () => result);
    logger.info(about, 'job succeeded');
  } catch (error) {
    await reports.stop();
    if (completed) return logger.error({ err: error, ...about }, 'a job failed after it had been completed');
    await conclude(error);
  } finally {
    clearInterval(heartbeat);
    onChange(row.id);
  }

  async function conclude(error: unknown) {
    try {
      if (lost.signal.reason instanceof LeaseLostError || error instanceof LeaseLostError) {
        return logger.warn(about, 'another process has taken over this job');
      }
      if (cancel.aborted || lost.signal.reason instanceof CancelledError) {
        await database.transaction((transaction) => settle(transaction, { state: 'cancelled', message: 'cancelled' }));
        return logger.info(about, 'job cancelled');
      }
      if (stopping.aborted) {
        await store.release(lease);
        return logger.info(about, 'job given back because the service stops');
      }
      logger.warn({ err: error, ...about }, 'job failed');
      await database.transaction((transaction) => settle(transaction, { state: 'failed', ...describe(error) }));
    } catch (failure) {
      // The lease runs out and the job is begun again: nothing is lost, but someone should know.
      logger.error({ err: failure, ...about }, 'could not write down how a job ended');
    }
  }
};

/** Writes and sends the latest progress, one write at a time and not too often. */
const createReporter = (lease: Lease, { store, announcer, logger, onChange }: RunJobOptions) => {
  let latest: { fraction: number; message: string } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let stopped = false;

  const flush = async () => {
    timer = undefined;
    if (latest === undefined) return;
    const { fraction, message } = latest;
    latest = undefined;
    const { id, kind } = lease.row;
    try {
      await store.report(lease, fraction, message);
      await announcer.progressed({ id, kind, state: 'running', progress: fraction, message });
      onChange(id);
    } catch (error) {
      logger.warn({ err: error, job: id }, 'could not report the progress of a job');
    }
  };
  return {
    report: (fraction: number, message: string) => {
      if (stopped) return;
      latest = { fraction: Math.min(1, Math.max(0, fraction)), message };
      timer ??= setTimeout(() => {
        writing = writing.then(flush);
      }, reportMs);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await writing;
    },
  };
};

const describe = (thrown: unknown) => {
  const error = isNoSpace(thrown) ? noSpace('jobs', thrown) : thrown;
  if (error instanceof ServiceError) {
    return { message: error.message, error: { code: error.code, error: error.message, details: error.details } };
  }
  const message = 'Something unexpected went wrong; the log has it under the id of the job.';
  return { message, error: { code: 'jobs.unexpected', error: message, details: {} } };
};
