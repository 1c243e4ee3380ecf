import { pricingOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { PricingContext, PricingKit } from '../context.ts';
import { findProducts } from '../queries/find-products.ts';
import { plainJson } from './json.ts';

/** Lists the store's catalogue, on any day and as known at any time. */
export const listProducts = (kit: PricingKit, context: PricingContext) =>
  implement(
    kit,
    pricingOperations.listProducts,
    ({ query }) => findProducts(context, query, query.limit ?? 100),
    plainJson,
  );
