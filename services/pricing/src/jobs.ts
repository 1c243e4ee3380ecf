import { PricingHistoryInput, type PricingRun, PricingRunInput } from '@vindima/contracts';
import type { JobHandle } from '@vindima/service-kit';
import type { PricingContext, PricingKit } from './context.ts';
import type { Tables } from './db/tables.ts';
import { type HistoryResult, loadHistory } from './run/load-history.ts';
import { runPricing } from './run/run-pricing.ts';

export const runKind = 'pricing.run';
export const historyKind = 'pricing.load-history';

export type RunJob = JobHandle<PricingRunInput, Tables>;
export type HistoryJob = JobHandle<PricingHistoryInput, Tables>;

/** The two kinds of long work: whoever asks for them, they are done alike. */
export const defineJobs = ({ jobs }: PricingKit, context: PricingContext): { run: RunJob; history: HistoryJob } => ({
  run: jobs.define({
    kind: runKind,
    input: PricingRunInput,
    outputs: ({ snapshot }: PricingRun) => (snapshot === null ? {} : { objects: [snapshot.key] }),
    problems: ({ problems }: PricingRun) => problems,
    run: runPricing(context),
  }),
  history: jobs.define({
    kind: historyKind,
    input: PricingHistoryInput,
    problems: ({ problems }: HistoryResult) => problems,
    run: loadHistory(context),
  }),
});
