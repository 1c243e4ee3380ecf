import type { InferenceSignature } from '@vindima/contracts';
import type { Model } from '@vindima/onnx';
import { isBounded } from '../graph/is-bounded.ts';
import type { Session } from '../runtime/session.ts';
import { fills, makeRows } from '../signature/make-rows.ts';
import type { RunCost } from './messages.ts';

export interface Weighing {
  readonly memory: number;
  readonly peak: number;
}

/** Memory that the runtime has, without JavaScript's own. */
const nativeMemory = () => {
  const { rss, heapTotal, arrayBuffers } = process.memoryUsage();
  return rss - heapTotal - arrayBuffers;
};

const peakMemory = () => process.resourceUsage().maxRSS * 1024;

/** To be called before a model is loaded. */
export const startWeighing = (): Weighing => ({ memory: nativeMemory(), peak: peakMemory() });

/** Rows of the run that is weighed, where a model takes any number. */
const weighedRows = 256;

/** In the shared threads a run keeps others waiting, and its memory is the service's: more than this is for a process. */
const sharedMs = 1000;
const sharedBytes = 256 * 2 ** 20;

/**
 * Says what a loaded model takes, by what this process has taken for it, and where it may run. In the shared threads run the models whose
 * graph bounds every run by the number of its rows, and of those only what is quick and small.
 */
export const weigh = async (
  before: Weighing,
  session: Session,
  model: Model,
  signature: InferenceSignature,
  isOwn: boolean,
): Promise<RunCost> => {
  const milliseconds = await longestRun(session, signature);
  const memory = Math.max(0, nativeMemory() - before.memory);
  const growth = peakMemory() - before.peak;
  const isFixed =
    signature.batching !== 'none' || signature.inputs.every(({ shape }) => shape.every((size) => size >= 0));
  const isSmall = milliseconds <= sharedMs && growth - memory <= sharedBytes;
  return { memory, milliseconds, isolated: !((isOwn || isBounded(model)) && isFixed && isSmall) };
};

/** Milliseconds of a run, of many rows where the model takes them; 0 where nothing that is made up runs. */
const longestRun = async (session: Session, { batching, features }: InferenceSignature): Promise<number> => {
  const { inputs } = session;
  const rows = batching === 'any' ? weighedRows : Math.max(1, inputs[0]?.shape[0] ?? 1);
  for (const fill of fills) {
    const feeds = makeRows(inputs, rows, features?.length ?? 1, fill);
    const begun = performance.now();
    try {
      await session.run(feeds, rows, null);
      return performance.now() - begun;
    } catch {
      // These values are none that it takes.
    }
  }
  return 0;
};
