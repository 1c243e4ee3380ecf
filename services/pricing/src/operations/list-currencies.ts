import { pricingOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { PricingContext, PricingKit } from '../context.ts';
import { listedCurrencies } from '../queries/list-currencies.ts';

/** Lists the currencies, those that have ended too. */
export const listCurrencies = (kit: PricingKit, context: PricingContext) =>
  implement(kit, pricingOperations.listCurrencies, async () => ({ items: await listedCurrencies(context) }));
