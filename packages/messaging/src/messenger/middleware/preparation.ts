import type { BatchHandler, Delivery, Outcome } from '../../bus.ts';

/** A message that can never succeed: it goes to the dead letters at once. */
export class PoisonMessage extends Error {
  override readonly name = 'PoisonMessage';
}

/**
 * Does the long part of a message's work before its transaction begins. A message whose preparation throws comes again later, as with any
 * failure, or goes to the dead letters at once if that is a `PoisonMessage`. What was prepared for a message that turns out to be handled
 * already is thrown away, so preparing has no effects.
 */
export const preparation =
  (prepare: (delivery: Delivery) => Promise<void>, next: BatchHandler): BatchHandler =>
  async (deliveries) => {
    const failed = new Map<Delivery, Outcome>();
    for (const delivery of deliveries) {
      try {
        await prepare(delivery);
      } catch (error) {
        failed.set(delivery, { done: false, error, dead: error instanceof PoisonMessage });
      }
    }
    const ready = deliveries.filter((delivery) => !failed.has(delivery));
    const outcomes = ready.length === 0 ? [] : await next(ready);
    const answers = outcomes.values();
    const missing: Outcome = { done: false, error: new Error('The handler gave no answer') };
    return deliveries.map((delivery) => failed.get(delivery) ?? answers.next().value ?? missing);
  };
