import { wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { findSeries } from '../catalogue/find.ts';
import type { WineContext } from '../context.ts';
import { sendPrebuilt } from './send-prebuilt.ts';

/** Compares reported totals with the sum of their parts. */
export const getChecks = (context: WineContext) =>
  implement(
    context,
    wineOperations.getChecks,
    (request, reply) => sendPrebuilt(request, reply, context.shelf.get(findSeries(request.params.id)).checks),
    { compress: false },
  );
