import {
  type InferenceBatching,
  type InferenceModelRef,
  type InferenceSignature,
  ServiceError,
} from '@vindima/contracts';
import { concatenateAll, takeRows } from '../tensors/rows.ts';
import type { Tensors } from '../tensors/tensor.ts';
import type { RunCost } from '../trial/messages.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import { type KillReason, killReasonOf } from './limits.ts';
import type { RunningModel, Runtime } from './runtime.ts';
import { countRun, type Statistics } from './statistics.ts';

/** A version of a model, as it can be brought into memory. */
export interface ModelFile {
  readonly ref: InferenceModelRef;
  readonly signature: InferenceSignature;
  /** Of the ONNX file. */
  readonly bytes: number;
  /** What it took when it was tried; unknown of versions of before. */
  readonly cost?: RunCost | undefined;
  read(): Promise<Uint8Array>;
}

/** A version of a model in memory. */
export interface LoadedModel {
  readonly ref: InferenceModelRef;
  readonly signature: InferenceSignature;
  readonly batcher: Batcher;
}

/** A model that stays in memory until it is given back. */
export interface Lease extends LoadedModel {
  release(): void;
}

export interface ShelfOptions {
  readonly runtime: Runtime;
  /** Bytes that models may take. */
  readonly memoryBudget: number;
  readonly maximumQueue: number;
  readonly batching: (model: string) => InferenceBatching;
  readonly statistics?: Statistics;
  /** Asked before every run in a process: throws for what must not run any more. */
  readonly mayRun?: (ref: InferenceModelRef) => void;
  /** Told of every run that had to be ended with its process. */
  readonly onKilled?: (ref: InferenceModelRef, reason: KillReason) => void;
}

interface Entry extends LoadedModel {
  readonly running: RunningModel;
  readonly cost: number;
  leases: number;
  lastUsed: number;
  retired: boolean;
}

/** Node.js and the runtime, where a model has them for itself. */
const processBytes = 80 * 1024 * 1024;

/** Differences of less show nothing: memory is taken and given back in pieces. */
const noticeable = 48 * 1024 * 1024;

/**
 * Bytes of a model in memory: what the trial has measured, else what is known by experience. A session keeps its own copy of the weights,
 * often rearranged, and room for what it computes.
 */
export const memoryCost = ({ bytes, cost }: Pick<ModelFile, 'bytes' | 'cost'>): number => {
  const measured = cost === undefined || cost.memory < noticeable ? 0 : cost.memory;
  return Math.max(2 * bytes + 1024 * 1024, measured) + (cost?.isolated === true ? processBytes : 0);
};

/** Rows of one run at most: what a model takes was measured with fewer, and grows with them. */
const rowsPerRun = 1024;

const runInParts = async (
  { run }: RunningModel,
  { batching }: InferenceSignature,
  feeds: Tensors,
  rows: number,
  chunk: number | null,
): Promise<Tensors> => {
  if (batching !== 'any' || rows <= rowsPerRun) return run(feeds, rows, chunk);
  const parts: Tensors[] = [];
  for (let start = 0; start < rows; start += rowsPerRun) {
    const count = Math.min(rowsPerRun, rows - start);
    parts.push(await run(takeRows(feeds, start, count), count, chunk));
  }
  return concatenateAll(parts);
};

export type Shelf = ReturnType<typeof createShelf>;

/**
 * The models that are in memory. Where the budget is not enough for one more, those that were not used for the longest time
 * go; whoever still runs one of them finishes undisturbed.
 */
export const createShelf = ({
  runtime,
  memoryBudget,
  maximumQueue,
  batching,
  mayRun,
  onKilled,
  statistics,
}: ShelfOptions) => {
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<Entry>>();
  let uses = 0;
  let leases = 0;
  const whenIdle: (() => void)[] = [];
  /** Bytes of what is being loaded. */
  let reserved = 0;

  const keyOf = ({ name, version }: InferenceModelRef) => `${name}@${version}`;

  const lease = (entry: Entry): Lease => {
    entry.leases += 1;
    leases += 1;
    entry.lastUsed = ++uses;
    let released = false;
    return {
      ref: entry.ref,
      signature: entry.signature,
      batcher: entry.batcher,
      release: () => {
        if (released) return;
        released = true;
        entry.leases -= 1;
        leases -= 1;
        if (leases === 0) for (const resolve of whenIdle.splice(0)) resolve();
        if (entry.retired && entry.leases === 0) unload(entry);
      },
    };
  };

  const unload = (entry: Entry) => {
    entry.running.unload().catch(() => {
      // Its thread has ended, and the model with it.
    });
  };

  /** Takes a model off the shelf; it is unloaded as soon as nobody runs it any more. */
  const retire = (ref: InferenceModelRef) => {
    const entry = entries.get(keyOf(ref));
    if (entry === undefined) return;
    entries.delete(keyOf(ref));
    entry.retired = true;
    if (entry.leases === 0) unload(entry);
  };

  const used = () => [...entries.values()].reduce((sum, { cost }) => sum + cost, reserved);

  const makeRoom = (cost: number) => {
    const oldestFirst = [...entries.values()].sort((left, right) => left.lastUsed - right.lastUsed);
    for (const entry of oldestFirst) {
      if (used() + cost <= memoryBudget) return;
      retire(entry.ref);
    }
  };

  const load = async (file: ModelFile): Promise<Entry> => {
    const cost = memoryCost(file);
    if (cost > memoryBudget) {
      throw new ServiceError(
        422,
        'inference.over_memory_budget',
        `The model needs about ${cost} bytes of memory; all models together may have ${memoryBudget}.`,
        { details: { needed: cost, budget: memoryBudget } },
      );
    }
    const onnx = await file.read();
    makeRoom(cost);
    reserved += cost;
    const running = await runtime.load(onnx, file.cost).finally(() => {
      reserved -= cost;
    });
    const counted = statistics?.of(file.ref);
    const batcher = createBatcher({
      run: async (feeds, rows, chunk) => {
        const begun = performance.now();
        try {
          if (file.cost?.isolated === true) mayRun?.(file.ref);
          return await runInParts(running, file.signature, feeds, rows, chunk);
        } catch (error) {
          // Its thread has ended: whoever asks next has it loaded into another one.
          if (error instanceof ServiceError && error.code === 'inference.runtime_stopped') retire(file.ref);
          const reason = killReasonOf(error);
          if (reason !== undefined) onKilled?.(file.ref, reason);
          throw error;
        } finally {
          if (counted !== undefined) countRun(counted, rows, (performance.now() - begun) / 1000);
        }
      },
      ...(counted === undefined ? {} : { counted }),
      signature: file.signature,
      batching: () => batching(file.ref.name),
      maximumQueue,
    });
    const { ref, signature } = file;
    return { ref, signature, batcher, running, cost, leases: 0, lastUsed: ++uses, retired: false };
  };

  const loadOnce = (file: ModelFile): Promise<Entry> => {
    const key = keyOf(file.ref);
    const begun = loading.get(key) ?? load(file).finally(() => loading.delete(key));
    loading.set(key, begun);
    return begun;
  };

  return {
    /** A lease of a model that is in memory. */
    peek: (ref: InferenceModelRef): Lease | undefined => {
      const entry = entries.get(keyOf(ref));
      return entry === undefined ? undefined : lease(entry);
    },
    /** Brings a model into memory unless it is there. */
    acquire: async (file: ModelFile): Promise<Lease> => {
      const key = keyOf(file.ref);
      const there = entries.get(key);
      if (there !== undefined) return lease(there);
      const entry = await loadOnce(file);
      if (!entries.has(key) && !entry.retired) entries.set(key, entry);
      return lease(entry);
    },
    retire,
    has: (ref: InferenceModelRef) => entries.has(keyOf(ref)),
    /** Bytes, as `memoryCost` has them. */
    used,
    list: () => [...entries.values()].map(({ ref }) => ref),
    /** What is in memory, with what it takes and how many rows wait for it. */
    inMemory: () => [...entries.values()].map(({ ref, cost, batcher }) => ({ ref, bytes: cost, rows: batcher.rows })),
    /** Resolves when nobody runs a model. */
    idle: () => new Promise<void>((resolve) => (leases === 0 ? resolve() : whenIdle.push(resolve))),
  };
};
