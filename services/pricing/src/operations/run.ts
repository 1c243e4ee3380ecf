import { pricingOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { PricingContext, PricingKit } from '../context.ts';
import type { RunJob } from '../jobs.ts';
import { completeInput } from '../run/run-input.ts';

/** Starts a run. */
export const startRun = (kit: PricingKit, context: PricingContext, run: RunJob) =>
  implement(kit, pricingOperations.run, async ({ body, headers }, reply) => {
    completeInput(body, context);
    const key = headers['idempotency-key'];
    const job = await run.start(body, key === undefined ? {} : { idempotencyKey: `rest-${key}` });
    reply.code(202).header('location', `/jobs/${job.id}`);
    return job;
  });
