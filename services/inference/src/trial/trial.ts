import { type ChildProcess, fork } from 'node:child_process';
import { ServiceError } from '@vindima/contracts';
import { quietRuntime } from '@vindima/onnx';
import pLimit from 'p-limit';
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
    const started = fork(new URL('./process.ts', import.meta.url), [], {
      // Nothing else of this process's environment: what is loaded there may be hostile.
      env: quietRuntime(),
      ...bounded(maximumMemory),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    started.unref();
    started.channel?.unref();
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    child = started;
    return started;
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
      process.kill('SIGKILL');
    }, timeoutMs);
    process.on('message', onMessage);
    process.once('exit', onExit);
    process.once('error', reject);
    try {
      process.send({ ...request, id } satisfies TrialRequest);
      const answer = await promise;
      if ('tried' in answer) return answer.tried;
      const { status, code, message, details } = answer.error;
      throw new ServiceError(status, code, message, { details });
    } finally {
      clearTimeout(timer);
      process.off('message', onMessage);
      process.off('exit', onExit);
      process.off('error', reject);
      idle = setTimeout(() => child?.kill('SIGKILL'), idleMs).unref();
    }
  };

  return {
    run: (request) => oneAtATime(() => run(request)),
    close: async () => {
      clearTimeout(idle);
      const running = child;
      if (running === undefined || running.exitCode !== null) return;
      const gone = new Promise((resolve) => running.once('exit', resolve));
      running.ref();
      running.kill('SIGKILL');
      await gone;
    },
  };
};

/**
 * How to start Node.js with a bound on its memory. V8 has one of its own, the runtime has none: a file of a hundred bytes can
 * ask for a tensor of a terabyte, and then the kernel would choose what to kill. On Linux the shell's `ulimit -d` bounds all of it.
 */
const bounded = (bytes: number): { execPath: string; execArgv: string[] } => {
  const options = [`--max-old-space-size=${Math.ceil(bytes / 2 ** 20)}`];
  if (process.platform !== 'linux') return { execPath: process.execPath, execArgv: options };
  const limit = `ulimit -d ${Math.ceil(bytes / 1024)}; exec "$0" "$@"`;
  return { execPath: '/bin/sh', execArgv: ['-c', limit, process.execPath, ...options] };
};

const failed = (code: string, message: string) => new ServiceError(422, code, message);
