import { wineOperations } from '@vindima/contracts';
import { answerWithJob, implement } from '@vindima/service-kit';
import type { WineContext } from '../context.ts';
import type { IngestionJob } from '../jobs/ingestion.ts';

/** Starts an ingestion. */
export const ingest = (context: WineContext, ingestion: IngestionJob) =>
  implement(context, wineOperations.ingest, (request, reply) => answerWithJob(ingestion, request.body, request, reply));
