import { wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { WineContext } from '../context.ts';
import type { IngestionJob } from '../jobs/ingestion.ts';

/** Starts an ingestion. */
export const ingest = (context: WineContext, ingestion: IngestionJob) =>
  implement(context, wineOperations.ingest, async ({ body, headers }, reply) => {
    const key = headers['idempotency-key'];
    const job = await ingestion.start(body, key === undefined ? {} : { idempotencyKey: `rest-${key}` });
    reply.code(202).header('location', `/jobs/${job.id}`);
    return job;
  });
