import { setTimeout as delay } from 'node:timers/promises';
import { isNoSpace, noSpace, ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import { withCause } from '@vindima/messaging';
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
  readonly onEnded: (kind: string, outcome: string) => void;
}

const reportMs = 250;
const noteAttempts = 60;
const noteAgainMs = 1_000;

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
  const { store, database, announcer, logger, stopping, onChange, onEnded } = options;
  const { row } = lease;
  const about = { job: row.id, kind: row.kind, attempt: row.attempts };
  const lost = new AbortController();
  const signal = AbortSignal.any([stopping, cancel, lost.signal]);
  let completed = false;
  let partial = false;
  const problemsOf = (result: unknown) => definition.problems?.(result as never) ?? [];

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
        const result = await work(transaction);
        // Last, as it locks the row of the job: while the work waits for others, the lease is renewed all the same.
        await store.assertHeld(transaction, lease);
        return result;
      }),
    complete: async (work) => {
      await reports.stop();
      await database.transaction(async (transaction) => {
        const result = await work(transaction);
        await settle(transaction, {
          state: 'succeeded',
          message: definition.summarize?.(result as never) ?? 'done',
          result: result ?? null,
          outputs: definition.outputs?.(result as never) ?? {},
          problems: problemsOf(result),
        });
        partial = problemsOf(result).length > 0;
      });
      completed = true;
      onEnded(row.kind, partial ? 'partial' : 'succeeded');
    },
  };

  try {
    const begun = row.attempts - row.failures;
    if (begun > (definition.maximumAttempts ?? 3)) {
      throw begunTooOften(begun - 1, row.leases_lost);
    }
    const cause = {
      ...(row.command_id === null ? {} : { commandId: row.command_id }),
      ...(row.reference === null ? {} : { reference: row.reference }),
    };
    const result = await withCause(cause, () => definition.run(context));
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
      if (lost.signal.reason instanceof LeaseLostError || error instanceof LeaseLostError) throw new LeaseLostError();
      if (cancel.aborted || lost.signal.reason instanceof CancelledError) {
        await database.transaction((transaction) => settle(transaction, { state: 'cancelled', message: 'cancelled' }));
        onEnded(row.kind, 'cancelled');
        return logger.info(about, 'job cancelled');
      }
      if (stopping.aborted) {
        if (!(await store.release(lease))) throw new LeaseLostError();
        return logger.info(about, 'job given back because the service stops');
      }
      if (row.retries > 0 && mayPass(error)) return await putOff(error);
      logger.warn({ err: error, ...about }, 'job failed');
      await database.transaction((transaction) => settle(transaction, { state: 'failed', ...describe(error) }));
      onEnded(row.kind, 'failed');
    } catch (failure) {
      if (failure instanceof LeaseLostError) {
        logger.warn(about, 'this process was not heard of for too long: another attempt has taken over this job');
      } else {
        // The lease runs out and the job is begun again: nothing is lost, but someone should know.
        logger.error({ err: failure, ...about }, 'could not write down how a job ended');
      }
      await noteLost();
    }
  }

  async function putOff(error: unknown) {
    const delayMs = retryDelayMs(row.failures);
    const { message, error: shown } = describe(error);
    logger.warn({ err: error, ...about, delayMs }, 'job failed, and is tried again');
    const again = `failed, and is tried again in ${Math.round(delayMs / 60_000)} min: ${message}`;
    await database.transaction(async (transaction) => {
      if (!(await store.postpone(transaction, lease, { message: again, error: shown, delayMs })))
        throw new LeaseLostError();
    });
    onEnded(row.kind, 'retried');
  }

  /** This process lives, so nobody shall say that it died; the database that did not answer may be back soon. */
  async function noteLost() {
    for (let attempt = 1; attempt <= noteAttempts; attempt += 1) {
      try {
        return await store.noteLost(lease);
      } catch (error) {
        logger.warn({ err: error, ...about }, 'could not write down that a job was lost');
        if (stopping.aborted) return;
        await delay(noteAgainMs, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
  }
};

/** After a minute, then twice as long each time, an hour at most. */
const retryDelayMs = (failures: number) => Math.min(60_000 * 2 ** failures, 3_600_000);

/** Whether it may be otherwise the next time: what was asked for wrongly stays wrong. */
const mayPass = (error: unknown) => !(error instanceof ServiceError) || error.status >= 500 || error.status === 429;

/** Says of a job that is given up whether its processes died, or lived on but lost it. */
const begunTooOften = (begun: number, lost: number): ServiceError => {
  const crashed = begun - Math.min(begun, lost);
  const late = `did not renew its lease within ${leaseMs / 1000} s (it was too busy, or the database was away) and lost the job`;
  if (crashed === 0) {
    return new ServiceError(
      500,
      'jobs.lease_lost',
      `The job was begun ${times(begun)}; each time its process lived but ${late}.`,
    );
  }
  const reason =
    crashed === begun
      ? `The job was begun ${times(begun)} and its process died each time.`
      : `The job was begun ${times(begun)}: its process died ${times(crashed)}, and ${times(begun - crashed)} it ${late}.`;
  return new ServiceError(500, 'jobs.crashed', reason);
};
const times = (count: number) => (count === 1 ? 'once' : `${count} times`);

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
