import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { type Job, type JobOutputs, type JobProblem, type JobState, jobStates, ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { Cause } from '@vindima/messaging';
import type { Transaction } from 'kysely';
import { v7 as uuid } from 'uuid';
import type { JobRow, JobTables } from './table.ts';

export type JobTransaction = Transaction<JobTables>;
type Queries = Database<JobTables>['query'];

/** A job that this process runs, and the token that proves it still does. */
export interface Lease {
  readonly row: JobRow;
  readonly token: string;
}

export interface JobOutcome {
  readonly state: 'succeeded' | 'failed' | 'cancelled';
  readonly message: string;
  readonly result?: unknown;
  readonly outputs?: JobOutputs;
  readonly problems?: readonly JobProblem[];
  readonly error?: { code: string; error: string; details: Record<string, unknown> };
}

export const leaseMs = 15_000;
/** Tells this process from an earlier one of the same number: in a container every process is number 1. */
const incarnation = uuid();
const owner = `${hostname()}/${process.pid}/${incarnation}`;
const finished: readonly JobState[] = ['succeeded', 'failed', 'cancelled'];

/** The queries on the jobs table; every change of a running job is bound to its lease. */
export const createJobStore = (database: Database<JobTables>, service: string, now: () => Date) => {
  const timestamp = (offsetMs = 0) => new Date(now().getTime() + offsetMs).toISOString();

  const get = async (id: string, queries: Queries = database.query): Promise<JobRow> => {
    const row = await queries.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new ServiceError(404, `${service}.unknown_job`, `There is no job ${id}.`);
    return row;
  };

  /** @returns the row, and whether it is new: the same key for the same input gives the first job again. */
  const insert = async (
    transaction: JobTransaction,
    job: {
      kind: string;
      input: unknown;
      idempotencyKey?: string | undefined;
      cause: Cause;
      retries?: number | undefined;
    },
  ): Promise<{ row: JobRow; created: boolean }> => {
    const input = JSON.stringify(job.input);
    if (job.idempotencyKey !== undefined) {
      const first = await transaction
        .selectFrom('jobs')
        .selectAll()
        .where('kind', '=', job.kind)
        .where('idempotency_key', '=', job.idempotencyKey)
        .executeTakeFirst();
      if (first !== undefined) return { row: sameInput(first, input), created: false };
    }
    const row: JobRow = {
      id: `${service}-${uuid()}`,
      kind: job.kind,
      state: 'queued',
      progress: 0,
      message: 'waiting',
      attempts: 0,
      input,
      result: null,
      error: null,
      idempotency_key: job.idempotencyKey ?? null,
      outputs: null,
      command_id: job.cause.commandId === undefined ? null : commandKey(job.cause.commandId),
      reference: job.cause.reference ?? null,
      leases_lost: 0,
      problems: null,
      retries: job.retries ?? 0,
      failures: 0,
      not_before: null,
      cancel_requested: 0,
      lease_token: null,
      lease_owner: null,
      lease_until: null,
      created_at: timestamp(),
      started_at: null,
      finished_at: null,
    };
    await transaction.insertInto('jobs').values(row).execute();
    return { row, created: true };
  };

  const sameInput = (first: JobRow, input: string) => {
    if (first.input === input) return first;
    throw new ServiceError(
      409,
      `${service}.idempotency_key_reused`,
      `The Idempotency-Key was used for another request (job ${first.id}).`,
      {
        details: { job_id: first.id },
      },
    );
  };

  /**
   * Takes up to `limit` jobs that wait, or whose runner has not been heard of for the time of a lease. Not the `own` ones: this process
   * runs them, however late it is in saying so.
   */
  const claim = async (kinds: readonly string[], limit: number, own: readonly string[] = []): Promise<Lease[]> => {
    const open = database.query.selectFrom('jobs').selectAll();
    const others = own.length === 0 ? open : open.where('id', 'not in', [...own]);
    const candidates = await others
      .where('kind', 'in', [...kinds])
      .where((where) =>
        where.or([
          where.and([
            where('state', '=', 'queued'),
            where.or([where('not_before', 'is', null), where('not_before', '<=', timestamp())]),
          ]),
          where.and([where('state', '=', 'running'), where('lease_until', '<', timestamp())]),
        ]),
      )
      .orderBy('id')
      .limit(limit)
      .execute();
    const leases: Lease[] = [];
    for (const row of candidates) {
      const token = uuid();
      // Whoever changes the row first has it: the lease that was read must still be there.
      const result = await database.query
        .updateTable('jobs')
        .set({
          state: 'running',
          attempts: row.attempts + 1,
          lease_token: token,
          lease_owner: owner,
          lease_until: timestamp(leaseMs),
          started_at: row.started_at ?? timestamp(),
        })
        .where('id', '=', row.id)
        .where('state', '=', row.state)
        .where('lease_token', row.lease_token === null ? 'is' : '=', row.lease_token)
        .executeTakeFirst();
      if (result.numUpdatedRows === 1n)
        leases.push({ row: { ...row, state: 'running', attempts: row.attempts + 1 }, token });
    }
    return leases;
  };

  const held = (queries: Queries | JobTransaction, { row, token }: Lease) =>
    queries
      .updateTable('jobs')
      .where('id', '=', row.id)
      .where('lease_token', '=', token)
      .where('state', '=', 'running');

  /** Keeps a lease. @returns whether it is still held, and whether someone asked to cancel the job. */
  const renew = async (lease: Lease) => {
    const result = await held(database.query, lease)
      .set({ lease_until: timestamp(leaseMs) })
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n) return { held: false, cancelRequested: false };
    return { held: true, cancelRequested: (await get(lease.row.id)).cancel_requested === 1 };
  };

  /** @throws ServiceError 409 when somebody else has the job; locks its row, so that nobody takes it before the commit. */
  const assertHeld = async (transaction: JobTransaction, lease: Lease) => {
    const result = await held(transaction, lease)
      .set({ lease_until: timestamp(leaseMs) })
      .executeTakeFirst();
    if (result.numUpdatedRows === 1n) return;
    throw new ServiceError(409, `${service}.job_lost`, `The job ${lease.row.id} is no longer run by this process.`);
  };

  const report = async (lease: Lease, progress: number, message: string) => {
    await held(database.query, lease)
      .set({ progress, message: message.slice(0, 1000) })
      .execute();
  };

  /** Notes that an attempt lost its job and lives: it was not its process that died. */
  const noteLost = async ({ row }: Lease) => {
    await database.query
      .updateTable('jobs')
      .set((column) => ({ leases_lost: column('leases_lost', '+', 1) }))
      .where('id', '=', row.id)
      .execute();
  };

  /** @returns false when the lease was lost: then somebody else has the job, and nothing was changed. */
  const finish = async (transaction: JobTransaction, lease: Lease, outcome: JobOutcome): Promise<boolean> => {
    const result = await held(transaction, lease)
      .set({
        state: outcome.state,
        message: outcome.message.slice(0, 1000),
        result: outcome.result === undefined ? null : JSON.stringify(outcome.result),
        outputs: outcome.outputs === undefined ? null : JSON.stringify(outcome.outputs),
        problems: outcome.problems?.length ? JSON.stringify(outcome.problems) : null,
        error: outcome.error === undefined ? null : JSON.stringify(outcome.error),
        finished_at: timestamp(),
        lease_token: null,
        lease_owner: null,
        lease_until: null,
        ...(outcome.state === 'succeeded' ? { progress: 1 } : {}),
      })
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  };

  /** Puts a job off that failed and may be tried again. @returns false when the lease was lost */
  const postpone = async (
    transaction: JobTransaction,
    lease: Lease,
    { message, error, delayMs }: { message: string; error: NonNullable<JobOutcome['error']>; delayMs: number },
  ): Promise<boolean> => {
    const result = await held(transaction, lease)
      .set({
        state: 'queued',
        message: message.slice(0, 1000),
        error: JSON.stringify(error),
        retries: lease.row.retries - 1,
        failures: lease.row.failures + 1,
        not_before: timestamp(delayMs),
        lease_token: null,
        lease_owner: null,
        lease_until: null,
      })
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  };

  /** Gives a job back, for whoever comes next; this attempt does not count. @returns false when the lease was lost */
  const release = async (lease: Lease): Promise<boolean> => {
    const result = await held(database.query, lease)
      .set({
        state: 'queued',
        attempts: lease.row.attempts - 1,
        lease_token: null,
        lease_owner: null,
        lease_until: null,
      })
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  };

  /** Takes the leases of this host's dead processes at once, so that a restart need not wait for them to run out. */
  const releaseDead = async () => {
    const rows = await database.query
      .selectFrom('jobs')
      .select(['id', 'lease_owner', 'lease_token'])
      .where('state', '=', 'running')
      .execute();
    const dead = rows.filter((row) => row.lease_owner !== null && isDead(row.lease_owner));
    for (const row of dead) {
      await database.query
        .updateTable('jobs')
        .set({ lease_until: timestamp(-1) })
        .where('id', '=', row.id)
        .where('lease_token', '=', row.lease_token)
        .execute();
    }
  };

  /** @returns the row as it is now, and whether this call ended it (a queued job ends at once, a running one when it notices). */
  const requestCancel = async (
    transaction: JobTransaction,
    id: string,
  ): Promise<{ row: JobRow; cancelled: boolean }> => {
    const result = await transaction
      .updateTable('jobs')
      .set({ state: 'cancelled', cancel_requested: 1, message: 'cancelled before it began', finished_at: timestamp() })
      .where('id', '=', id)
      .where('state', '=', 'queued')
      .executeTakeFirst();
    const cancelled = result.numUpdatedRows === 1n;
    if (!cancelled) {
      await transaction
        .updateTable('jobs')
        .set({ cancel_requested: 1 })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .execute();
    }
    const row = await get(id, transaction);
    if (!cancelled && finished.includes(row.state)) {
      throw new ServiceError(409, `${service}.job_finished`, `The job has ended already: ${row.state}.`, {
        details: { state: row.state },
      });
    }
    return { row, cancelled };
  };

  const list = async (query: {
    state?: string | undefined;
    kind?: string | undefined;
    command_id?: string | undefined;
    reference?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  }) => {
    let select = database.query
      .selectFrom('jobs')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    const state = jobStates.find((known) => known === query.state);
    if (state !== undefined) select = select.where('state', '=', state);
    if (query.kind !== undefined) select = select.where('kind', '=', query.kind);
    if (query.command_id !== undefined) select = select.where('command_id', '=', commandKey(query.command_id));
    if (query.reference !== undefined) select = select.where('reference', '=', query.reference);
    if (query.cursor !== undefined) select = select.where('id', '<', query.cursor);
    const rows = await select.execute();
    const items = rows.slice(0, query.limit);
    return { items, next_cursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
  };

  /** Removes jobs that ended before `days` ago. @returns how many */
  const prune = async (days: number): Promise<number> => {
    const result = await database.query
      .deleteFrom('jobs')
      .where('state', 'in', [...finished])
      .where('finished_at', '<', timestamp(-days * 86_400_000))
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  };

  return {
    get,
    insert,
    claim,
    renew,
    assertHeld,
    report,
    noteLost,
    finish,
    postpone,
    release,
    releaseDead,
    requestCancel,
    list,
    prune,
  };
};
export type JobStore = ReturnType<typeof createJobStore>;

/** Ids from elsewhere may be longer than the column. */
const commandKey = (id: string) => (id.length <= 255 ? id : createHash('sha256').update(id).digest('hex'));

const isDead = (leaseOwner: string) => {
  const [host, pid, started] = leaseOwner.split('/');
  if (host !== hostname()) return false;
  if (Number(pid) === process.pid) return started !== incarnation;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
};

/** A row as the REST contract shows it. */
export const toJob = (row: JobRow): Job => {
  const problems: JobProblem[] = row.problems === null ? [] : JSON.parse(row.problems);
  const outcome =
    row.state === 'queued' || row.state === 'running'
      ? null
      : row.state === 'succeeded' && problems.length > 0
        ? 'partial'
        : row.state;
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    progress: row.progress,
    message: row.message,
    attempts: row.attempts,
    input: JSON.parse(row.input),
    result: row.result === null ? null : JSON.parse(row.result),
    outputs: row.outputs === null ? {} : JSON.parse(row.outputs),
    command_id: row.command_id,
    reference: row.reference,
    outcome,
    problems,
    error: row.error === null ? null : JSON.parse(row.error),
    created_at: row.created_at,
    started_at: row.started_at,
    finished_at: row.finished_at,
  };
};
