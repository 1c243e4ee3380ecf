import type { OipModelStatistics } from '@vindima/contracts';
import type { Static } from 'typebox';
import type { VersionStatistics } from '../runtime/statistics.ts';

const duration = (count: number, seconds: number) => ({ count, ns: Math.round(seconds * 1e9) });
const none = duration(0, 0);

/** What was counted of versions, as Triton's statistics extension has it. Waiting is not timed apart from running. */
export const describeStatistics = (versions: readonly VersionStatistics[]): Static<typeof OipModelStatistics> => ({
  model_stats: versions.map(({ ref, requests, failed, runs, rows, seconds, lastRun, batches }) => ({
    name: ref.name,
    version: String(ref.version),
    last_inference: lastRun,
    inference_count: rows,
    execution_count: runs,
    inference_stats: {
      success: duration(requests - failed, seconds),
      fail: duration(failed, 0),
      queue: none,
      compute_input: none,
      compute_infer: duration(runs, seconds),
      compute_output: none,
      cache_hit: none,
      cache_miss: none,
    },
    batch_stats: [...batches].map(([size, batch]) => ({
      batch_size: size,
      compute_input: none,
      compute_infer: duration(batch.runs, batch.seconds),
      compute_output: none,
    })),
  })),
});
