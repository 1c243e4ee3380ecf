import { fork } from 'node:child_process';
import { ServiceError } from '@vindima/contracts';
import type { ConvertedPickle } from './convert-pickle.ts';
import { pickleLimitExceeded } from './errors.ts';
import { defaultPickleLimits, type PickleLimits } from './limits.ts';

export interface ProcessOptions {
  readonly limits?: Partial<PickleLimits>;
  /** Heap of the process in MiB. */
  readonly maxMemory?: number;
  readonly signal?: AbortSignal;
}

/** What the process is asked. */
export interface ProcessQuestion {
  readonly bytes: Uint8Array;
  readonly limits: PickleLimits;
}

/** What the process answers: errors do not survive the way between processes as what they are. */
export type ProcessAnswer =
  | { readonly converted: ConvertedPickle }
  | { readonly error: { readonly code: string; readonly message: string; readonly details: Record<string, unknown> } };

/**
 * As {@link convertPickle}, in a process of its own, which may read files and nothing else: no writing, no starting of
 * others. A file that takes too much memory or time costs that process only. (A thread would not do: V8 ends the whole
 * process when a thread's heap is full.)
 *
 * @throws ServiceError 422 as {@link convertPickle}; the reason of `signal` when that is aborted.
 */
export async function convertPickleInProcess(
  bytes: Uint8Array,
  options: ProcessOptions = {},
): Promise<ConvertedPickle> {
  const limits = { ...defaultPickleLimits, ...options.limits };
  if (bytes.length > limits.maxBytes) throw pickleLimitExceeded('bytes', limits.maxBytes);
  options.signal?.throwIfAborted();
  const answer = await ask({ bytes, limits }, options.maxMemory ?? 2048, options.signal);
  if ('converted' in answer) return answer.converted;
  const { code, message, details } = answer.error;
  throw new ServiceError(422, code, message, { details });
}

async function ask(question: ProcessQuestion, maxMemory: number, signal?: AbortSignal): Promise<ProcessAnswer> {
  const child = fork(new URL('./child.ts', import.meta.url), [], {
    execArgv: [
      '--permission',
      '--allow-fs-read=*',
      '--disable-warning=SecurityWarning',
      `--max-old-space-size=${maxMemory}`,
    ],
    env: {},
    serialization: 'advanced',
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { promise, resolve, reject } = Promise.withResolvers<ProcessAnswer>();
  const abort = () => reject(signal?.reason);
  // The reader watches the clock itself; this is for what is done between two looks, and for the start.
  const timer = setTimeout(() => {
    reject(pickleLimitExceeded('milliseconds of work', question.limits.maxMilliseconds));
  }, question.limits.maxMilliseconds * 2);
  signal?.addEventListener('abort', abort);
  child.once('message', (answer) => resolve(answer as ProcessAnswer));
  child.once('error', reject);
  child.once('exit', (code, killer) => {
    // This is how V8 ends when its heap is full.
    if (killer !== null || code === 134) reject(pickleLimitExceeded('MiB of memory', maxMemory));
    else reject(new Error(`The process that converts pickles ended with ${code} and without an answer.`));
  });
  child.send(question, (error) => {
    if (error !== null) reject(error);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    child.kill('SIGKILL');
    await exited;
  }
}
