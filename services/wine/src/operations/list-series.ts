import { wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { WineContext } from '../context.ts';
import { sendJsonText } from './send-prebuilt.ts';

/** Shows the catalogue, and how the data of each series is. */
export const listSeries = (context: WineContext) =>
  implement(context, wineOperations.listSeries, (_request, reply) => sendJsonText(reply, context.shelf.list()));
