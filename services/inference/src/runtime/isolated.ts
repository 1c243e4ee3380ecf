import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceError } from '@vindima/contracts';
import { endProcess, startBoundedProcess } from './bounded-process.ts';
import type { IsolatedAnswer, IsolatedRequest } from './isolated-messages.ts';
import { baseBytes, isOutOfMemory, type RunLimits, runKilled } from './limits.ts';
import type { RunningModel } from './runtime.ts';
import { fromWire } from './to-wire.ts';

export interface IsolatedOptions {
  readonly onnx: Uint8Array;
  readonly threads: number;
  readonly limits: RunLimits;
  /** Bytes of the model in memory. */
  readonly memory: number;
  /** How long it may take to be loaded. */
  readonly loadMs: number;
}

/**
 * Loads a model into a process of its own. A run that takes too long or too much memory ends with that process; the next run is given to
 * a new one, which is started at once. The file stays on this machine's disk while the model is loaded.
 *
 * @throws ServiceError 422, as `openModel`, or `inference.run_killed` should loading take too much
 */
export const loadIsolated = async (options: IsolatedOptions): Promise<RunningModel> => {
  const { limits, memory, threads, loadMs } = options;
  const folder = await mkdtemp(join(tmpdir(), 'vindima-run-'));
  const file = join(folder, 'model.onnx');
  await writeFile(file, options.onnx);
  let child: ChildProcess | undefined;
  let ready: Promise<ChildProcess> | undefined;
  let lastId = 0;
  let isUnloaded = false;

  const ask = async (process: ChildProcess, request: DistributedOmit<IsolatedRequest, 'id'>, milliseconds: number) => {
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<IsolatedAnswer>();
    const onMessage = (answer: IsolatedAnswer) => {
      if (answer.id === id) resolve(answer);
    };
    const onExit = () => reject(runKilled('crash', limits));
    const timer = setTimeout(() => reject(runKilled('time', { ...limits, milliseconds })), milliseconds);
    process.on('message', onMessage);
    process.once('exit', onExit);
    process.once('error', onExit);
    try {
      process.send({ ...request, id } as IsolatedRequest);
      const answer = await promise;
      if ('error' in answer && isOutOfMemory(answer.error.message)) throw runKilled('memory', limits);
      return answer;
    } catch (error) {
      await replace(process);
      throw error;
    } finally {
      clearTimeout(timer);
      process.off('message', onMessage);
      process.off('exit', onExit);
      process.off('error', onExit);
    }
  };

  /** Ends a process after what it did; another one is there when the next caller comes. */
  const replace = async (ended: ChildProcess) => {
    await endProcess(ended);
    if (child !== ended || isUnloaded) return;
    child = undefined;
    ready = undefined;
  };

  const start = async (): Promise<ChildProcess> => {
    const started = startBoundedProcess(
      new URL('./process.ts', import.meta.url),
      baseBytes + 2 * memory + limits.bytes,
    );
    child = started;
    const answer = await ask(started, { kind: 'load', file, threads }, loadMs);
    if ('error' in answer) {
      await replace(started);
      throw fromWire(answer.error);
    }
    return started;
  };
  const running = (): Promise<ChildProcess> => {
    if (isUnloaded) throw new ServiceError(503, 'inference.runtime_stopped', 'The model is no longer loaded.');
    if (ready !== undefined && child?.exitCode === null && child.signalCode === null) return ready;
    ready = start();
    return ready;
  };

  const close = async () => {
    isUnloaded = true;
    if (child !== undefined) await endProcess(child);
    await rm(folder, { recursive: true, force: true });
  };

  try {
    await running();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    run: async (feeds, rows, chunk) => {
      try {
        const answer = await ask(await running(), { kind: 'run', feeds, rows, chunk }, limits.milliseconds);
        if ('error' in answer) throw fromWire(answer.error);
        return 'outputs' in answer ? answer.outputs : {};
      } finally {
        // Whoever comes next finds it started.
        if (child === undefined && !isUnloaded) running().catch(() => {});
      }
    },
    unload: close,
  };
};

type DistributedOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;
