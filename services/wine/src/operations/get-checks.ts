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
    (request, reply) => {
      const series = findSeries(request.params.id);
      const { as_of } = request.query;
      if (as_of === undefined) return sendPrebuilt(request, reply, context.shelf.get(series).checks);
      return context.shelf.at(series, as_of).then(({ checks }) => {
        sendPrebuilt(request, reply, checks);
        return reply;
      });
    },
    { compress: false },
  );
