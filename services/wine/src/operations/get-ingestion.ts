import { wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { WineContext } from '../context.ts';
import { viewIngestion } from '../ingest/view.ts';

/** Shows what became of an ingestion, series by series. */
export const getIngestion = (context: WineContext) =>
  implement(context, wineOperations.getIngestion, async ({ params }) =>
    viewIngestion(await context.jobs.get(params.id)),
  );
