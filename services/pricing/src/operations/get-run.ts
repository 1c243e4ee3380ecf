import { pricingOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { PricingKit } from '../context.ts';
import { viewRun } from '../queries/view-run.ts';

/** Shows how a run goes, or how it ended. */
export const getRun = (kit: PricingKit) =>
  implement(kit, pricingOperations.getRun, ({ params }) => viewRun(kit, params.id));
