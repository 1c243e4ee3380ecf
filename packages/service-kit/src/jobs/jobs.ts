import type { Job, JobOutputs, JobProblem } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { Transaction } from 'kysely';
import type { Static, TSchema } from 'typebox';

/** What a job's work gets. */
export interface JobContext<Input, Tables> {
  readonly id: string;
  readonly input: Input;
  /** 1 for the first; more when an earlier attempt died with its process: look what it left done. */
  readonly attempt: number;
  /** Aborted when the job is cancelled, when the service stops (it will be begun again), or when the lease was lost. */
  readonly signal: AbortSignal;
  /** How far it is, 0 to 1, and a few words. Cheap: written and sent at most a few times a second. */
  progress(fraction: number, message: string): void;
  /** A transaction that fails when this attempt is no longer the one that has the job. */
  transaction<Result>(work: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  /** The last transaction of the job: what it returns is the result, and the job has succeeded if and only if it commits. */
  complete(work: (transaction: Transaction<Tables>) => Promise<unknown>): Promise<void>;
}

export interface JobDefinition<Input extends TSchema, Tables> {
  /** `<service>.<what>` */
  readonly kind: string;
  readonly input: Input;
  /** How often it may be begun, should the process die each time. Default 3. */
  readonly maximumAttempts?: number;
  /** How it ended, in a few words, made of its result: the last message of a job that has succeeded. Default `done`. */
  readonly summarize?: (result: never) => string;
  /** What came out, by name, made of its result: keys of objects, ids of tables. Told with its end. */
  readonly outputs?: (result: never) => JobOutputs;
  /** What it could not do, made of its result: with any, its outcome is `partial`. */
  readonly problems?: (result: never) => readonly JobProblem[];
  /**
   * Does the work; returns the result, unless `complete` was called. A throw fails the job, with the code and details of a
   * `ServiceError`. It may be called again for the same job after a crash.
   */
  readonly run: (context: JobContext<Static<Input>, Tables>) => Promise<unknown>;
}

export interface StartOptions<Tables> {
  /** The same key for the same input gives the first job again; for another input, a 409. */
  readonly idempotencyKey?: string | undefined;
  /** Starts the job if and only if this transaction commits. */
  readonly transaction?: Transaction<Tables>;
  /** How often it is tried again when it fails, after a minute, two, four and so on, an hour at most. Default: never. */
  readonly retries?: number;
  /** What the caller calls it; otherwise as the message or the request that is being handled says. */
  readonly reference?: string | undefined;
}

/** For work that nobody waits for and that would otherwise be missing until somebody looks: tried again for some four hours. */
export const scheduledRetries = 8;

/** A kind of job that can be started. */
export interface JobHandle<Input, Tables> {
  start(input: Input, options?: StartOptions<Tables>): Promise<Job>;
}

/** A service's durable, long work. */
export interface Jobs<Tables> {
  define<Input extends TSchema>(definition: JobDefinition<Input, Tables>): JobHandle<Static<Input>, Tables>;
  /** @throws ServiceError 404 `<service>.unknown_job` */
  get(id: string): Promise<Job>;
  /** As `get`, with null for an input of more than 4096 characters: cheap, for who asks often. */
  glance(id: string): Promise<Job>;
  list(query: {
    state?: string;
    kind?: string;
    command_id?: string;
    reference?: string;
    limit: number;
    cursor?: string;
  }): Promise<{ items: Job[]; next_cursor: string | null }>;
  /** Ends a waiting job, asks a running one to end. @throws ServiceError 409 `<service>.job_finished` */
  cancel(id: string): Promise<Job>;
  /** Resolves, soon after each change, with the job as `glance` tells it; ends when the job has. */
  watch(id: string, signal: AbortSignal): AsyncIterable<Job>;
}

/** What the jobs need of the bus: the ends of jobs go with their transaction, progress goes directly. */
export interface JobAnnouncer {
  finished(transaction: Transaction<never>, job: Job): Promise<void>;
  progressed(job: Pick<Job, 'id' | 'kind' | 'state' | 'progress' | 'message'>): Promise<void>;
}

export type JobsDatabase<Tables> = Database<Tables>;
