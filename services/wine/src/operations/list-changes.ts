import { wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { WineContext } from '../context.ts';
import { listChanges as readChanges } from '../db/figure-changes.ts';

/** Lists past figures that a new vintage has changed. */
export const listChanges = (context: WineContext) =>
  implement(context, wineOperations.listChanges, ({ query }) => readChanges(context.database.query, query));
