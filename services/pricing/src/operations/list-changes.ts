import { pricingOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { PricingKit } from '../context.ts';
import { changesAfter } from '../db/changes.ts';
import { plainJson } from './json.ts';

/** Lists everything that was recorded, in order, to be resumed anywhere. */
export const listChanges = (kit: PricingKit) =>
  implement(
    kit,
    pricingOperations.listChanges,
    ({ query: { after = 0, limit = 1000, entity } }) => changesAfter(kit.database.query, { after, limit, entity }),
    plainJson,
  );
