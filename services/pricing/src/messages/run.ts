import { runPricing } from '@vindima/contracts';
import type { PricingKit } from '../context.ts';
import type { RunJob } from '../jobs.ts';

/** `commands.pricing.run`: starts a run, once for each message. */
export const handleRun = ({ messages }: PricingKit, run: RunJob) =>
  messages.on(runPricing, async (input, { transaction, message }) => {
    await run.start(input, { transaction, idempotencyKey: `message-${message.id}` });
  });
