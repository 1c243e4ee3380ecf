import { pricingOperations } from '@vindima/contracts';
import { answerWithJob, implement } from '@vindima/service-kit';
import type { PricingContext, PricingKit } from '../context.ts';
import type { RunJob } from '../jobs.ts';
import { completeInput } from '../run/run-input.ts';

/** Starts a run. */
export const startRun = (kit: PricingKit, context: PricingContext, run: RunJob) =>
  implement(kit, pricingOperations.run, (request, reply) => {
    completeInput(request.body, context);
    return answerWithJob(run, request.body, request, reply);
  });
