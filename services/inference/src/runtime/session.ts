import type { InferenceTensor } from '@vindima/contracts';
import ort from 'onnxruntime-node';
import { datatypeOfRuntime, datatypes } from '../tensors/datatypes.ts';
import { concatenateAll, takeRows } from '../tensors/rows.ts';
import type { NumericArray, Tensor, TensorData, Tensors } from '../tensors/tensor.ts';

export interface Session {
  readonly inputs: readonly InferenceTensor[];
  readonly outputs: readonly InferenceTensor[];
  /** Runs rows together, or `chunk` of them at a time for a model that takes no other number. */
  run(feeds: Tensors, rows: number, chunk: number | null): Promise<Tensors>;
  close(): Promise<void>;
}

/**
 * Loads a model into onnxruntime. Its JavaScript API runs a model on the thread that calls it, so this is for threads and
 * processes that nobody else waits for.
 */
export const openSession = async (model: Uint8Array, threads: number): Promise<Session> => {
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    // Threads that spin while there is nothing to do would take the processor from the service itself.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
  const runOnce = async (feeds: Tensors): Promise<Tensors> => {
    const given = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toRuntime(tensor)]));
    const results = await session.run(given);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromRuntime(tensor)]));
  };
  return {
    inputs: session.inputMetadata.map(describe),
    outputs: session.outputMetadata.map(describe),
    run: async (feeds, rows, chunk) => {
      if (chunk === null || rows === chunk) return runOnce(feeds);
      const parts: Tensors[] = [];
      for (let start = 0; start < rows; start += chunk) {
        const count = Math.min(chunk, rows - start);
        const outputs = await runOnce(pad(takeRows(feeds, start, count), chunk - count));
        parts.push(count === chunk ? outputs : takeRows(outputs, 0, count));
      }
      return concatenateAll(parts);
    },
    close: () => session.release(),
  };
};

/** Repeats the last row: the model wants a number of rows that there are not. */
const pad = (feeds: Tensors, missing: number): Tensors => {
  if (missing === 0) return feeds;
  const rows = Object.values(feeds)[0]?.dims[0] ?? 1;
  const last = takeRows(feeds, rows - 1, 1);
  return concatenateAll([feeds, ...Array.from({ length: missing }, () => last)]);
};

const describe = (metadata: ort.InferenceSession.ValueMetadata): InferenceTensor => {
  if (!metadata.isTensor) throw new Error(`"${metadata.name}" is not a tensor`);
  const datatype = datatypeOfRuntime(metadata.type);
  if (datatype === undefined) throw new Error(`"${metadata.name}" has elements of type ${metadata.type}`);
  const shape = metadata.shape.map((size) => (typeof size === 'number' ? size : -1));
  return { name: metadata.name, datatype, shape };
};

const toRuntime = ({ datatype, dims, data }: Tensor): ort.Tensor => {
  const type = datatypes[datatype].runtime;
  if (data instanceof Float16Array) {
    // The binding knows half precision as bit patterns, but its Tensor class insists on Float16Array: so not its class.
    const bits = new Uint16Array(data.buffer, data.byteOffset, data.length);
    return { type, dims, data: bits, location: 'cpu' } as unknown as ort.Tensor;
  }
  return new ort.Tensor(type as 'float32', data as Float32Array, dims);
};

const fromRuntime = ({ type, dims, data }: ort.OnnxValue): Tensor => {
  const datatype = datatypeOfRuntime(type);
  if (datatype === undefined) throw new Error(`the model answered with elements of type ${type}`);
  return { datatype, dims, data: copy(data as TensorData) };
};

/** The runtime's memory cannot be given to another thread. */
const copy = (data: TensorData): TensorData => {
  if (Array.isArray(data)) return data;
  const values = data as NumericArray | Uint16Array;
  return values.slice();
};
