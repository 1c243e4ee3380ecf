import type { MessageDefinition } from '@vindima/contracts';
import type { BatchHandler, Delivery, Outcome } from '../../bus.ts';
import { longestReference } from '../cause.ts';
import { payloadProblem } from '../payload-check.ts';

const problemOf = (definition: MessageDefinition, delivery: Delivery): string | undefined => {
  // A message published by hand has no type: its payload decides.
  if (delivery.type !== '' && delivery.type !== definition.type)
    return `is a ${delivery.type}, not a ${definition.type}`;
  const { length = 0 } = delivery.reference ?? '';
  if (length > longestReference) return `has a reference of ${length} characters; at most ${longestReference} are kept`;
  return payloadProblem(definition, delivery.payload);
};

/** Lets only messages through that fit their definition. The others can never succeed: dead letters at once, with the reason. */
export const validation =
  (definition: MessageDefinition, next: BatchHandler, invalid: () => void): BatchHandler =>
  async (deliveries) => {
    const refused = new Map<Delivery, Outcome>();
    for (const delivery of deliveries) {
      const problem = problemOf(definition, delivery);
      if (problem === undefined) continue;
      invalid();
      refused.set(delivery, { done: false, dead: true, error: new Error(`The message ${problem}`) });
    }
    const valid = refused.size === 0 ? deliveries : deliveries.filter((delivery) => !refused.has(delivery));
    const outcomes = valid.length === 0 ? [] : await next(valid);
    if (refused.size === 0) return outcomes;
    const answers = outcomes.values();
    const missing: Outcome = { done: false, error: new Error('The handler gave no answer') };
    return deliveries.map((delivery) => refused.get(delivery) ?? answers.next().value ?? missing);
  };
