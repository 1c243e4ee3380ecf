import type { BatchHandler, Delivery, Outcome } from './bus.ts';

/** Calls a handler; a throw, or another number of answers than deliveries, fails the whole batch. */
export const runHandler = async (
  handler: BatchHandler,
  deliveries: readonly Delivery[],
): Promise<readonly Outcome[]> => {
  try {
    const outcomes = await handler(deliveries);
    if (outcomes.length === deliveries.length) return outcomes;
    throw new Error(`The handler gave ${outcomes.length} answers to ${deliveries.length} deliveries`);
  } catch (error) {
    return deliveries.map(() => ({ done: false, error }));
  }
};
