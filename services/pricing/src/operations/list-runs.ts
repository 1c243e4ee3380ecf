import { pricingOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { PricingKit } from '../context.ts';
import { runKind } from '../jobs.ts';
import { viewRun } from '../queries/view-run.ts';

/** Lists the last runs, newest first. */
export const listRuns = (kit: PricingKit) =>
  implement(kit, pricingOperations.listRuns, async ({ query: { limit = 100, cursor } }) => {
    const { items, next_cursor } = await kit.jobs.list({ kind: runKind, limit, ...(cursor && { cursor }) });
    return { items: await Promise.all(items.map(({ id }) => viewRun(kit, id))), next_cursor };
  });
