import type { ChildProcess } from 'node:child_process';
import { ServiceError } from '@vindima/contracts';
import pLimit from 'p-limit';
import { endProcess, startBoundedProcess } from '../runtime/bounded-process.ts';
import type { TrialAnswer, TrialRequest, TriedModel } from './messages.ts';

export interface TrialOptions {
  /** Bytes of memory that a file may cost to be read, loaded and run once. */
  readonly maximumMemory: number;
  /** How long a file may take to be read, loaded and run. */
  readonly timeoutMs: number;
}

/** Tries files in a process of their own, one after the other. */
export interface Trial {
  /**
   * @throws ServiceError 422 with what is wrong with the file: `inference.crashed_runtime`, `inference.trial_timeout`, or as
   * `importModel`, `openModel` and `probe`
   */
  run(request: Omit<TrialRequest, 'id'>): Promise<TriedModel>;
  close(): Promise<void>;
}

/** The process is kept for the next file for so long. */
const idleMs = 15_000;

export const createTrial = ({ timeoutMs, maximumMemory }: TrialOptions): Trial => {
  const oneAtATime = pLimit(1);
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;

  const start = (): ChildProcess => {
    const started = startBoundedProcess(new URL('./process.ts', import.meta.url), maximumMemory);
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    child = started;
    return started;
  };

  /** Ends the process. From here on it is given nothing any more, though it may take a moment to be gone. */
  const end = () => {
    const ending = child;
    child = undefined;
    ending?.kill('SIGKILL');
  };

  const run = async (request: Omit<TrialRequest, 'id'>): Promise<TriedModel> => {
    clearTimeout(idle);
    const process = child ?? start();
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<TrialAnswer>();
    const onMessage = (answer: TrialAnswer) => {
      if (answer.id === id) resolve(answer);
    };
    const onExit = (code: number | null, signal: string | null) =>
      reject(failed('inference.crashed_runtime', `The runtime crashed when it tried the model (${signal ?? code}).`));
    const timer = setTimeout(() => {
      reject(failed('inference.trial_timeout', `The model was not loaded and run once within ${timeoutMs / 1000} s.`));
      if (child === process) end();
    }, timeoutMs);
    process.on('message', onMessage);
    process.once('exit', onExit);
    process.once('error', reject);
    try {
      process.send({ ...request, id } satisfies TrialRequest);
      const answer = await promise;
      if (answer.spent && child === process) end();
      if ('tried' in answer) return answer.tried;
      const { status, code, message, details } = answer.error;
      throw new ServiceError(status, code, message, { details });
    } finally {
      clearTimeout(timer);
      process.off('message', onMessage);
      process.off('exit', onExit);
      process.off('error', reject);
      idle = setTimeout(end, idleMs).unref();
    }
  };

  return {
    run: (request) => oneAtATime(() => run(request)),
    close: async () => {
      clearTimeout(idle);
      if (child !== undefined) await endProcess(child);
    },
  };
};

const failed = (code: string, message: string) => new ServiceError(422, code, message);
