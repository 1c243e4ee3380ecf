import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '@vindima/contracts';
import type { Limits } from '../limits.ts';
import { createFairQueue, type Waiting } from './fair-queue.ts';
import type { EngineAnswer, EngineRequest } from './protocol.ts';
import type { TaskInput, TaskName, TaskResult } from './tasks.ts';

export interface EngineOptions {
  /** Where engines keep their temporary files. */
  readonly folder: string;
  /** Engine processes at the same time. */
  readonly processes: number;
  /** Requests that may wait for one; more are refused with 503. */
  readonly waiting: number;
  readonly limits: Limits;
}

export interface RunOptions {
  /** Ends the work, and its process. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which the process is killed. */
  readonly timeout: number;
  /** The folder of the work; the caller makes and removes it. */
  readonly folder: string;
  /** Files that DuckDB may read besides. */
  readonly readable?: readonly string[];
  /** On whose behalf: engines are shared fairly between callers. */
  readonly caller?: string;
}

/** Runs table work in processes of its own. */
export interface Engine {
  run<Name extends TaskName>(task: Name, input: TaskInput<Name>, options: RunOptions): Promise<TaskResult<Name>>;
  /** Makes a folder for one piece of work, and removes it afterwards whatever happens. */
  withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result>;
  /** How many processes were killed or died, since the start. */
  readonly replaced: number;
  /** Process ids of the living engines. */
  processes(): number[];
  close(): Promise<void>;
}

interface Member {
  readonly child: ChildProcess;
  /** Bytes that it took before its first request. */
  fresh: number;
  busy: boolean;
  finish: ((outcome: EngineAnswer | { died: string | null }) => void) | undefined;
}

/** Share of the bound: what a process keeps of one request is missing in the next one. */
const mayHaveGrown = 0.1;

/**
 * A pool of engine processes. One request has a process for itself; a process that breaks a bound is killed and the next
 * request gets a new one, so a hostile file costs its sender an answer and nobody else anything. A process that has
 * grown is let go after its request, so that memory goes back.
 */
export const createEngine = (options: EngineOptions): Engine => {
  const members = new Set<Member>();
  const queue = createFairQueue(options.waiting);
  let sequence = 0;
  let replaced = 0;
  let closed = false;

  const start = (): Member => {
    const heap = Math.max(64, Math.floor((options.limits.memory * 0.4) / 2 ** 20));
    const child = fork(new URL('./worker.ts', import.meta.url), [String(options.limits.memory)], {
      // What is young is not in the heap's bound, and would take 150 MB more of short-lived text before any of it is collected.
      execArgv: [`--max-old-space-size=${heap}`, '--max-semi-space-size=4', '--disable-warning=ExperimentalWarning'],
      env: { MALLOC_ARENA_MAX: '2', TZ: 'UTC' },
      cwd: options.folder,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const member: Member = { child, fresh: 0, busy: false, finish: undefined };
    members.add(member);
    child.on('message', (answer: EngineAnswer) => {
      if (answer.id === 0) member.fresh = answer.memory;
      else member.finish?.(answer);
    });
    child.on('error', () => child.kill('SIGKILL'));
    child.on('exit', (_code, signal) => {
      members.delete(member);
      member.finish?.({ died: signal });
    });
    return member;
  };

  const acquire = (caller: string, signal?: AbortSignal): Promise<Member> =>
    new Promise((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', abandon);
        if (closed) return reject(stopping());
        const idle = [...members].find((member) => !member.busy && member.child.connected);
        const member = idle ?? start();
        member.busy = true;
        queue.began(caller);
        resolve(member);
      };
      const refuse = () => {
        signal?.removeEventListener('abort', abandon);
        reject(busy());
      };
      const waiting: Waiting = { caller, begin, refuse };
      const abandon = () => {
        queue.remove(waiting);
        reject(cancelled());
      };
      if (signal?.aborted) return reject(cancelled());
      if ([...members].filter((member) => member.busy).length < options.processes) return begin();
      signal?.addEventListener('abort', abandon, { once: true });
      queue.add(waiting);
    });

  const release = (member: Member, caller: string, memory: number) => {
    member.busy = false;
    queue.ended(caller);
    const next = queue.next();
    if (memory > member.fresh + options.limits.memory * mayHaveGrown || closed) {
      members.delete(member);
      member.child.kill('SIGKILL');
      // The next request finds a process that has started already.
      if (!closed && next === undefined && ![...members].some(({ busy }) => !busy)) start();
    }
    next?.begin();
  };

  const run = async <Name extends TaskName>(
    task: Name,
    input: TaskInput<Name>,
    { signal, timeout, folder, readable = [], caller = '' }: RunOptions,
  ): Promise<TaskResult<Name>> => {
    const member = await acquire(caller, signal);
    const id = ++sequence;
    let memory = Number.POSITIVE_INFINITY;
    let reason: ServiceError | undefined;
    const end = (error: ServiceError) => {
      reason ??= error;
      member.child.kill('SIGKILL');
    };
    const timer = setTimeout(() => end(tooSlow(timeout)), timeout);
    const abort = () => end(cancelled());
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const outcome = await new Promise<EngineAnswer | { died: string | null }>((resolve) => {
        member.finish = resolve;
        const request: EngineRequest = { id, task, folder, readable, limits: options.limits, input };
        member.child.send(request, (error) => {
          if (error) resolve({ died: null });
        });
      });
      if ('died' in outcome) {
        replaced += 1;
        throw reason ?? died(outcome.died);
      }
      memory = outcome.memory;
      if (outcome.ok) return outcome.result as TaskResult<Name>;
      const { status_code: status, code, error, details } = outcome.error;
      if (status >= 500) throw new Error(`engine: ${task}: ${JSON.stringify(details)}`);
      throw new ServiceError(status as 422, code, error, { details });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      member.finish = undefined;
      release(member, caller, memory);
    }
  };

  return {
    run,
    withFolder: async (work) => {
      const folder = join(options.folder, randomUUID());
      await mkdir(folder, { recursive: true });
      try {
        return await work(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    get replaced() {
      return replaced;
    },
    processes: () => [...members].flatMap(({ child }) => child.pid ?? []),
    close: async () => {
      closed = true;
      for (let next = queue.next(); next !== undefined; next = queue.next()) next.begin();
      await Promise.all(
        [...members].map(
          ({ child }) =>
            new Promise<void>((resolve) => {
              if (child.exitCode !== null || child.signalCode !== null) return resolve();
              child.once('exit', () => resolve());
              child.kill('SIGKILL');
            }),
        ),
      );
    },
  };
};

const busy = () =>
  new ServiceError(503, 'datasets.busy', 'Too many tables are being worked on; try again shortly.', {
    headers: { 'retry-after': '5' },
  });
const stopping = () => new ServiceError(503, 'datasets.stopping', 'The service is stopping.');
const cancelled = () => new ServiceError(409, 'datasets.cancelled', 'The work was cancelled.');
const tooSlow = (timeout: number) =>
  new ServiceError(422, 'datasets.too_slow', `The table could not be worked on within ${timeout / 1000} seconds.`, {
    details: { seconds: timeout / 1000 },
  });
const died = (signal: string | null) =>
  signal === 'SIGKILL' || signal === 'SIGABRT'
    ? new ServiceError(422, 'datasets.too_much_memory', 'The table needs more memory than one request may take.')
    : new ServiceError(422, 'datasets.unreadable', 'The table cannot be read: its content breaks the reader.', {
        details: { signal },
      });
