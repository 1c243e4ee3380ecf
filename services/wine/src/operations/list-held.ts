import { wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { WineContext } from '../context.ts';
import { listHeld as readHeld } from '../db/vintages.ts';

/** Lists the files that were kept apart. */
export const listHeld = (context: WineContext) =>
  implement(context, wineOperations.listHeld, async () => ({
    items: await readHeld(context.database.query),
    next_cursor: null,
  }));
