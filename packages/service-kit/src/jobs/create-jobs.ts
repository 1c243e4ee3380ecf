import { EventEmitter, on } from 'node:events';
import { type Job, ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import { currentCause } from '@vindima/messaging';
import type { Logger } from '../logger.ts';
import { createGlance } from './glance.ts';
import type { JobAnnouncer, JobDefinition, JobHandle, Jobs } from './jobs.ts';
import { runJob } from './run-job.ts';
import { createJobStore, toJob } from './store.ts';
import type { JobTables } from './table.ts';
import { waitForServers } from './wait-for-servers.ts';

export interface CreateJobsOptions {
  readonly service: string;
  readonly database: Database<JobTables>;
  readonly announcer: JobAnnouncer;
  readonly logger: Logger;
  readonly clock: () => Date;
  /** Jobs that run at once in this process. */
  readonly concurrency: number;
  readonly retentionDays: number;
}

export interface JobRunner extends Jobs<JobTables> {
  /** Begins to take jobs; call it when everything is defined. */
  run(): Promise<void>;
  /** Gives running jobs back and takes no more. */
  stop(): Promise<void>;
}

/** How often a replica looks for jobs that another one has queued or lost. */
const pollMs = 1000;
const pruneMs = 3_600_000;
const watchMs = 500;

type AnyDefinition = JobDefinition<never, JobTables>;

/** Durable jobs in the service's own database, shared fairly by its replicas. */
export const createJobs = (options: CreateJobsOptions): JobRunner => {
  const { database, logger, announcer, concurrency } = options;
  const store = createJobStore(database, options.service, options.clock);
  const glance = createGlance(database, options.service);
  const definitions = new Map<string, AnyDefinition>();
  const running = new Map<string, { cancel: AbortController; ended: Promise<void> }>();
  const changes = new EventEmitter().setMaxListeners(0);
  const stopping = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let filling: Promise<void> | undefined;
  let again = false;

  const onChange = (id: string) => changes.emit('change', id);

  /** Takes as many jobs as there is room for; one look at a time, and another if something happened meanwhile. */
  const wake = () => {
    again = true;
    filling ??= fill().finally(() => {
      filling = undefined;
    });
  };
  const fill = async () => {
    while (again && !stopping.signal.aborted) {
      again = false;
      const room = concurrency - running.size;
      if (room <= 0 || definitions.size === 0 || timers.length === 0) return;
      try {
        for (const lease of await store.claim([...definitions.keys()], room, [...running.keys()])) begin(lease);
      } catch (error) {
        logger.warn({ err: error }, 'could not look for jobs');
      }
    }
  };
  const begin = (lease: Awaited<ReturnType<typeof store.claim>>[number]) => {
    const { id, kind } = lease.row;
    const definition = definitions.get(kind);
    if (definition === undefined) throw new Error(`claimed a job of an unknown kind: ${kind}`);
    const cancel = new AbortController();
    const ended = runJob(waitForServers(definition, logger), lease, cancel.signal, {
      store,
      database,
      announcer,
      logger,
      stopping: stopping.signal,
      onChange,
    }).finally(() => {
      running.delete(id);
      wake();
    });
    running.set(id, { cancel, ended });
    onChange(id);
  };

  const define = <Input>(definition: AnyDefinition): JobHandle<Input, JobTables> => {
    if (definitions.has(definition.kind)) throw new Error(`the job kind ${definition.kind} is defined twice`);
    definitions.set(definition.kind, definition);
    return {
      start: async (input, { idempotencyKey, transaction, reference } = {}) => {
        const cause = { ...currentCause(), ...(reference === undefined ? {} : { reference }) };
        const job = { kind: definition.kind, input, idempotencyKey, cause };
        const { row, created } = transaction ? await store.insert(transaction, job) : await insertAlone(job);
        if (created) {
          // In a caller's transaction the row is not there yet: the poll finds it, this only makes it sooner.
          if (transaction) setTimeout(wake, 20).unref();
          else wake();
        }
        return toJob(row);
      },
    };
  };

  const insertAlone = async (job: Parameters<typeof store.insert>[1]) => {
    try {
      return await database.transaction((transaction) => store.insert(transaction, job));
    } catch (error) {
      // Two requests with one key at once: the second insert meets the unique index, and then finds the first.
      if (job.idempotencyKey === undefined || error instanceof ServiceError) throw error;
      return database.transaction((transaction) => store.insert(transaction, job));
    }
  };

  const cancel = async (id: string): Promise<Job> => {
    const row = await database.transaction(async (transaction) => {
      const result = await store.requestCancel(transaction, id);
      if (result.cancelled) await announcer.finished(transaction as never, toJob(result.row));
      return result.row;
    });
    running.get(id)?.cancel.abort(new Error('the job was cancelled'));
    onChange(id);
    return toJob(row);
  };

  async function* watch(id: string, signal: AbortSignal): AsyncGenerator<Job> {
    let last = '';
    while (!signal.aborted) {
      const job = await glance(id);
      const text = JSON.stringify(job);
      if (text !== last) yield job;
      last = text;
      if (job.finished_at !== null) return;
      await changeOf(id, signal);
    }
  }
  /** Resolves at a change that this process sees, or after a while, as another replica may run the job. */
  const changeOf = async (id: string, signal: AbortSignal) => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(watchMs)]);
    try {
      for await (const [changed] of on(changes, 'change', { signal: until })) if (changed === id) return;
    } catch (error) {
      if (!until.aborted) throw error;
    }
  };

  return {
    define: define as JobRunner['define'],
    get: async (id) => toJob(await store.get(id)),
    glance,
    list: async (query) => {
      const { items, next_cursor } = await store.list(query);
      return { items: items.map(toJob), next_cursor };
    },
    cancel,
    watch,
    run: async () => {
      await store.releaseDead();
      const prune = () =>
        void store
          .prune(options.retentionDays)
          .catch((error: unknown) => logger.warn({ err: error }, 'could not prune jobs'));
      timers.push(setInterval(wake, pollMs), setInterval(prune, pruneMs));
      wake();
    },
    stop: async () => {
      stopping.abort(new Error('the service stops'));
      for (const timer of timers) clearInterval(timer);
      await filling;
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
};
