import { setPriority } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { workerData } from 'piscina';
import type { InferenceInput, InferenceOptions } from './inference.ts';

const { modelPath, output, threads } = workerData as InferenceOptions & { readonly threads: number };

// Low: whoever asks for something small need not wait for the cores that a run is on. On Linux a priority is a thread's own and the session's
// threads get this one's (setpriority(2), "C library/kernel differences"); elsewhere it would be that of the whole process.
if (process.platform === 'linux') setPriority(10);

/**
 * How long a thread of a run waits for the others awake. The parts of a run end within microseconds of each other, and putting a thread to sleep
 * and waking it costs more than that: a run is a tenth shorter, and uses a fifth less of the cores. One that waits longer takes the cores from
 * everybody else: at 200 microseconds a sixth fewer uploads were worked on when ten came at once.
 */
const spinMicroseconds = 5;

const session = InferenceSession.create(modelPath, {
  graphOptimizationLevel: 'all',
  intraOpNumThreads: threads,
  extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: String(spinMicroseconds) } } },
});

const widen = (data: Tensor['data']): Float32Array => {
  if (data instanceof Float32Array) return data;
  if (data instanceof Float16Array) return Float32Array.from(data);
  if (data instanceof Uint16Array)
    return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
  throw new Error('The output of the model is no tensor of floats.');
};

/**
 * onnxruntime-node 1.30 takes a Float16Array for empty (microsoft/onnxruntime pull request 32323), and onnxruntime-common makes one of
 * whatever it is given: the bit patterns are put back where the native code reads them.
 */
const toTensor = ({ type, dims, data }: InferenceInput): Tensor => {
  if (type !== 'float16') return new Tensor(type, data as Float32Array, [...dims]);
  const bits = new Uint16Array(data.buffer, data.byteOffset, data.length);
  return Object.defineProperty(new Tensor(type, bits, [...dims]), 'data', { value: bits });
};

/** Runs the model once, or only waits until it is loaded. The single input and the output are found by the model's own names. */
export default async (input: InferenceInput | 'load'): Promise<Float32Array> => {
  const loaded = await session;
  if (input === 'load') return new Float32Array();
  const [inputName] = loaded.inputNames;
  const outputName = output ?? loaded.outputNames[0];
  if (inputName === undefined || outputName === undefined) throw new Error('The model has no input or no output.');
  const outputs = await loaded.run({ [inputName]: toTensor(input) }, [outputName]);
  const result = outputs[outputName];
  if (result === undefined) throw new Error(`The model has no output ${outputName}.`);
  return widen(result.data);
};
