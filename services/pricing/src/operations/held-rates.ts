import { type HeldRate, pricingOperations } from '@vindima/contracts';
import { callerOf, implement } from '@vindima/service-kit';
import type { PricingContext, PricingKit } from '../context.ts';
import { pageOfHeldRates } from '../queries/held-rates.ts';
import { decideHeldRate } from '../run/decide-held-rate.ts';

/** Lists the rates that are hard to believe, and lets a person decide on them. */
export const heldRates = (kit: PricingKit, context: PricingContext) => {
  implement(kit, pricingOperations.listHeldRates, ({ query }) => pageOfHeldRates(context.database.query, query));
  const decide = (id: string, state: 'accepted' | 'rejected', by: string): Promise<HeldRate> =>
    decideHeldRate(context, { id, state, by });
  implement(kit, pricingOperations.acceptHeldRate, (request) =>
    decide(request.params.id, 'accepted', callerOf(request).name),
  );
  implement(kit, pricingOperations.rejectHeldRate, (request) =>
    decide(request.params.id, 'rejected', callerOf(request).name),
  );
};
