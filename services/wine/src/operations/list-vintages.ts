import { wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { findSeries } from '../catalogue/find.ts';
import type { WineContext } from '../context.ts';
import { listVintages as readVintages } from '../db/vintages.ts';

/** Lists the vintages of a series. */
export const listVintages = (context: WineContext) =>
  implement(context, wineOperations.listVintages, async ({ params }) => ({
    items: await readVintages(context.database.query, findSeries(params.id).id),
    next_cursor: null,
  }));
