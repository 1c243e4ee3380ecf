import { availableParallelism } from 'node:os';
import { quietRuntime } from '@vindima/onnx';
import { Piscina } from 'piscina';

/** The element types that cross the boundary to the worker. */
export type TensorData = Uint8Array | Float32Array | Uint16Array;

export interface InferenceInput {
  readonly type: 'uint8' | 'float32' | 'float16';
  readonly dims: readonly number[];
  /** float16 as its bit patterns. */
  readonly data: TensorData;
}

/** One tensor in, one tensor out: what every tagging model is. */
export interface Inference {
  /** @returns the output widened to float32 */
  run(input: InferenceInput): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface InferenceOptions {
  readonly modelPath: string;
  /** The output that is wanted; the model's first when left out. */
  readonly output?: string;
  /** No more than these, for one run at a time. Default: one per core for each run, and two runs where some wait. */
  readonly threads?: number;
}

/** How long the second worker is kept when it has nothing to do, with its copy of the model. */
const idleMs = 60_000;

/**
 * Loads a model in a worker thread (a model that cannot be loaded fails here): onnxruntime's `run` blocks the thread that calls it, and the
 * event loop has requests to answer. A run uses all cores and is as short as it can be, but leaves gaps where its threads wait for each other:
 * while several calls wait in line, a second worker fills them, unless the threads were bounded.
 * @throws Error when onnxruntime cannot load the model
 */
export const createInference = async (options: InferenceOptions): Promise<Inference> => {
  quietRuntime();
  const pool = new Piscina<InferenceInput | 'load', Float32Array>({
    filename: new URL('./inference-worker.ts', import.meta.url).href,
    minThreads: 1,
    maxThreads: options.threads === undefined ? Math.min(2, availableParallelism()) : 1,
    idleTimeout: idleMs,
    workerData: { threads: availableParallelism(), ...options },
    // The default is the parent's: flags of test runners and loaders have no place in the worker.
    execArgv: [],
  });
  try {
    await pool.run('load');
  } catch (error) {
    await pool.destroy();
    throw error;
  }
  return {
    run: (input) => pool.run(input, { transferList: [input.data.buffer as ArrayBuffer] }),
    close: () => pool.close(),
  };
};
