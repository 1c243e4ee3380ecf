import type { InferenceModelRef } from '@vindima/contracts';

/** What was counted of a version since this process began; only ever added to. */
export interface VersionStatistics {
  readonly ref: InferenceModelRef;
  /** Of callers. */
  requests: number;
  failed: number;
  /** Requests that found too many rows waiting. */
  refused: number;
  /** Of the runtime: several requests may be one run. */
  runs: number;
  rows: number;
  seconds: number;
  /** Milliseconds since 1970; 0 for never. */
  lastRun: number;
  /** Runs by how many rows they had. */
  readonly batches: Map<number, { runs: number; seconds: number }>;
}

export type Statistics = ReturnType<typeof createStatistics>;

/** Sizes of batches that are counted each for itself. */
const countedSizes = 256;

/** Counts runs by version: plain numbers, which cost nothing beside a run. */
export const createStatistics = () => {
  const versions = new Map<string, VersionStatistics>();
  return {
    of: (ref: InferenceModelRef): VersionStatistics => {
      const key = `${ref.name}@${ref.version}`;
      const known = versions.get(key);
      if (known !== undefined) return known;
      const made = {
        ref,
        requests: 0,
        failed: 0,
        refused: 0,
        runs: 0,
        rows: 0,
        seconds: 0,
        lastRun: 0,
        batches: new Map(),
      };
      versions.set(key, made);
      return made;
    },
    all: (): readonly VersionStatistics[] => [...versions.values()],
  };
};

/** Counts one run of the runtime. */
export const countRun = (counted: VersionStatistics, rows: number, seconds: number): void => {
  counted.runs += 1;
  counted.rows += rows;
  counted.seconds += seconds;
  counted.lastRun = Date.now();
  const size = Math.min(rows, countedSizes);
  const batch = counted.batches.get(size);
  if (batch === undefined) counted.batches.set(size, { runs: 1, seconds });
  else {
    batch.runs += 1;
    batch.seconds += seconds;
  }
};
