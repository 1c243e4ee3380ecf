import { Worker } from 'node:worker_threads';
import { ServiceError } from '@vindima/contracts';
import { quietRuntime } from '@vindima/onnx';
import type { Tensors } from '../tensors/tensor.ts';
import type { RunCost } from '../trial/messages.ts';
import { loadIsolated } from './isolated.ts';
import type { RunLimits } from './limits.ts';
import { buffersOf, type RuntimeAnswer, type RuntimeRequest } from './messages.ts';
import { fromWire } from './to-wire.ts';

/** A model in the memory of one of the runtime's threads. */
export interface RunningModel {
  /**
   * Rows go to the thread and may be gone from here: the memory of many moves.
   * @throws ServiceError 422 `inference.run_failed`, `inference.run_killed`
   */
  run(feeds: Tensors, rows: number, chunk: number | null): Promise<Tensors>;
  unload(): Promise<void>;
}

export interface Runtime {
  /**
   * Loads a model into the thread that has the fewest bytes of models, or into a process of its own.
   * @throws ServiceError 422, as `openModel` and `loadIsolated`
   */
  load(onnx: Uint8Array, cost?: RunCost): Promise<RunningModel>;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  readonly workers: number;
  /** Threads that one run of a model may use. */
  readonly threads: number;
  /** Of runs in processes; what a run took in the trial, ten times, comes on top. */
  readonly limits: RunLimits;
  /** How long a process may take to load a model. */
  readonly loadMs: number;
}

interface Waiting {
  resolve(answer: RuntimeAnswer): void;
  reject(error: unknown): void;
}

/** Starts the threads that run models. */
export const createRuntime = ({ workers, threads, limits, loadMs }: RuntimeOptions): Runtime => {
  const pool = Array.from({ length: workers }, startWorker);
  let lastKey = 0;
  /** A thread that has ended took its models with it; the next one to be loaded gets a new thread. */
  const replaceEnded = () => {
    for (const [index, worker] of pool.entries()) if (worker.hasEnded()) pool[index] = startWorker();
  };
  const isolated = new Set<RunningModel>();
  const isolate = async (onnx: Uint8Array, { memory, milliseconds }: RunCost): Promise<RunningModel> => {
    const own = { ...limits, milliseconds: Math.ceil(limits.milliseconds + 10 * milliseconds) };
    const running = await loadIsolated({
      onnx,
      threads,
      limits: own,
      memory: Math.max(memory, 2 * onnx.length),
      loadMs,
    });
    isolated.add(running);
    return {
      run: running.run,
      unload: async () => {
        isolated.delete(running);
        await running.unload();
      },
    };
  };
  return {
    load: async (onnx, cost) => {
      if (cost?.isolated === true) return isolate(onnx, cost);
      replaceEnded();
      const [least] = pool.toSorted((left, right) => left.bytes - right.bytes);
      if (least === undefined) throw new Error('there are no threads');
      const key = ++lastKey;
      const bytes = onnx.length;
      least.bytes += bytes;
      try {
        await least.ask({ kind: 'load', key, onnx, threads });
      } catch (error) {
        least.bytes -= bytes;
        throw error;
      }
      return {
        run: async (feeds, rows, chunk) => {
          const answer = await least.ask({ kind: 'run', key, feeds, rows, chunk }, buffersOf(feeds));
          return 'outputs' in answer ? answer.outputs : {};
        },
        unload: async () => {
          least.bytes -= bytes;
          await least.ask({ kind: 'unload', key });
        },
      };
    },
    close: async () => {
      await Promise.all([...pool.map((worker) => worker.close()), ...[...isolated].map((model) => model.unload())]);
    },
  };
};

const startWorker = () => {
  quietRuntime();
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { env: {} });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended: ServiceError | undefined;
  worker.on('message', (answer: RuntimeAnswer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    asked?.resolve(answer);
  });
  const end = (reason: string) => {
    ended = new ServiceError(503, 'inference.runtime_stopped', `The runtime is not running: ${reason}.`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('error', (error) => end(error.message));
  worker.on('exit', () => end('its thread has ended'));
  return {
    /** Bytes of the models that are here. */
    bytes: 0,
    hasEnded: () => ended !== undefined,
    ask: async (request: RuntimeRequest, transfer: ArrayBuffer[] = []): Promise<RuntimeAnswer> => {
      if (ended !== undefined) throw ended;
      const id = ++lastId;
      const { promise, resolve, reject } = Promise.withResolvers<RuntimeAnswer>();
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, request }, transfer);
      const answer = await promise;
      if (!('error' in answer)) return answer;
      throw fromWire(answer.error);
    },
    close: async () => {
      await worker.terminate();
    },
  };
};
