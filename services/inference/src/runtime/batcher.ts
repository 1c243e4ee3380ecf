import { type InferenceBatching, type InferenceSignature, ServiceError } from '@vindima/contracts';
import { concatenateAll, type RowRange } from '../tensors/rows.ts';
import type { Tensors } from '../tensors/tensor.ts';
import type { VersionStatistics } from './statistics.ts';

type Run = (feeds: Tensors, rows: number, chunk: number | null) => Promise<Tensors>;

export interface BatcherOptions {
  readonly run: Run;
  readonly signature: Pick<InferenceSignature, 'batching' | 'inputs'>;
  /** Asked at every batch: it can be changed while the model runs. */
  readonly batching: () => InferenceBatching;
  /** Rows that may wait. */
  readonly maximumQueue: number;
  /** Counts requests. */
  readonly counted?: Pick<VersionStatistics, 'requests' | 'failed' | 'refused'>;
}

/** Puts the rows of many callers together, and tells each caller which rows of the answer are its own. */
export interface Batcher {
  /**
   * Runs some rows. They were checked before: rows of others that fail do not harm them.
   * @throws ServiceError 429 `inference.busy` with `Retry-After` when too many rows wait; 422 `inference.run_failed`
   */
  run(feeds: Tensors, rows: number): Promise<RowRange>;
  /** Rows that wait or run. */
  readonly rows: number;
}

interface Item {
  readonly feeds: Tensors;
  readonly rows: number;
  /** Only items of one shape can be put together. */
  readonly shape: string;
  resolve(outputs: RowRange): void;
  reject(error: unknown): void;
}

export const createBatcher = ({ run, signature, batching, maximumQueue, counted }: BatcherOptions): Batcher => {
  const together = signature.batching !== 'none';
  const chunk = chunkOf(signature);
  // Where all sizes but the first are the model's own, shapes that passed the check are the same.
  const oneShape = signature.inputs.every(({ shape }) => shape.slice(1).every((size) => size >= 0));
  let queue: Item[] = [];
  let waiting = 0;
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  /** A batch begins in this turn of the loop. */
  let isDue = false;
  /** When the next batch may begin that is not full, as `performance.now()` tells it. */
  let earliest = 0;
  let rowsPerSecond = 0;

  const shapeOf = (feeds: Tensors) =>
    oneShape ? '' : JSON.stringify(Object.entries(feeds).map(([name, { dims }]) => [name, dims.slice(1)]));

  /** @returns the items at the head of the queue that may run together: at least one. */
  const takeBatch = (): Item[] => {
    const { max_batch } = batching();
    const [first] = queue;
    let rows = 0;
    let count = 0;
    for (const item of queue) {
      const fits = count === 0 || (together && item.shape === first?.shape && rows + item.rows <= max_batch);
      if (!fits) break;
      rows += item.rows;
      count += 1;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    waiting -= rows;
    return batch;
  };

  const dispatch = async () => {
    timer = undefined;
    isDue = false;
    const batch = takeBatch();
    running = batch.reduce((sum, item) => sum + item.rows, 0);
    const begun = performance.now();
    // What is left has waited, and what cannot run together need not wait for others.
    earliest = together && waiting === 0 ? begun + batching().max_wait_ms : 0;
    // Settles every item and throws nothing.
    await runBatch(batch, run, chunk);
    const seconds = Math.max((performance.now() - begun) / 1000, 1e-6);
    rowsPerSecond = rowsPerSecond === 0 ? running / seconds : 0.8 * rowsPerSecond + 0.2 * (running / seconds);
    running = 0;
    schedule();
  };

  /**
   * A batch begins when it is full, or `max_wait_ms` after the one before. So a row that comes alone does not wait, and of many that come one
   * after the other several run together: to wake a thread costs more than a small model's run.
   */
  const schedule = () => {
    if (running > 0 || waiting === 0 || isDue) return;
    const isFull = waiting >= batching().max_batch;
    if (timer !== undefined && !isFull) return;
    const wait = isFull ? 0 : earliest - performance.now();
    clearTimeout(timer);
    if (wait > 0) timer = setTimeout(dispatch, wait);
    else {
      // Not at once: what this turn of the loop still brings comes along.
      isDue = true;
      setImmediate(dispatch);
    }
  };

  return {
    run: (feeds, rows) => {
      if (waiting > 0 && waiting + rows > maximumQueue) {
        if (counted !== undefined) counted.refused += 1;
        return Promise.reject(busy(waiting, rowsPerSecond));
      }
      if (counted !== undefined) counted.requests += 1;
      const { promise, resolve, reject } = Promise.withResolvers<RowRange>();
      const fail = (error: unknown) => {
        if (counted !== undefined) counted.failed += 1;
        reject(error);
      };
      queue.push({ feeds, rows, shape: shapeOf(feeds), resolve, reject: fail });
      waiting += rows;
      schedule();
      return promise;
    },
    get rows() {
      return waiting + running;
    },
  };
};

/** Rows per run where the model takes no other number. */
const chunkOf = ({ batching, inputs }: BatcherOptions['signature']): number | null =>
  batching === 'one' ? 1 : batching === 'fixed' ? (inputs[0]?.shape[0] ?? 1) : null;

const runBatch = async (batch: readonly Item[], run: Run, chunk: number | null): Promise<void> => {
  const [only] = batch;
  if (batch.length === 1 && only !== undefined) return runAlone(only, run, chunk);
  const rows = batch.reduce((sum, item) => sum + item.rows, 0);
  try {
    const tensors = await run(concatenateAll(batch.map(({ feeds }) => feeds)), rows, chunk);
    let start = 0;
    for (const item of batch) {
      item.resolve({ tensors, start, rows: item.rows, alone: false });
      start += item.rows;
    }
  } catch {
    // One row that the model cannot compute must not fail the others: each caller gets a run of its own.
    for (const item of batch) await runAlone(item, run, chunk);
  }
};

const runAlone = async ({ feeds, rows, resolve, reject }: Item, run: Run, chunk: number | null): Promise<void> => {
  try {
    resolve({ tensors: await run(feeds, rows, chunk), start: 0, rows, alone: true });
  } catch (error) {
    reject(error);
  }
};

const busy = (waiting: number, rowsPerSecond: number) => {
  const seconds = Math.min(60, Math.max(1, Math.ceil(waiting / Math.max(rowsPerSecond, 1))));
  return new ServiceError(429, 'inference.busy', `${waiting} rows wait for this model already; try again later.`, {
    details: { waiting },
    headers: { 'retry-after': String(seconds) },
  });
};
