import { ServiceError, wineOperations } from '@vindima/contracts';
import { answerWithJob, callerOf, implement } from '@vindima/service-kit';
import type { WineContext } from '../context.ts';
import { findHeld } from '../db/vintages.ts';
import { acceptedFiles } from '../ingest/run-ingestion.ts';
import type { IngestionJob } from '../jobs/ingestion.ts';

/** Starts an ingestion, or takes files that were held. */
export const ingest = (context: WineContext, ingestion: IngestionJob) => {
  const book = { findHeld: (sha256: readonly string[]) => findHeld(context.database.query, sha256) };
  implement(context, wineOperations.ingest, async (request, reply) => {
    const { accept, series, force } = request.body;
    if (accept === undefined) return answerWithJob(ingestion, request.body, request, reply);
    if (series !== undefined || force === true) {
      throw new ServiceError(
        400,
        'wine.accept_alone',
        '`accept` takes held files; it goes without `series` and `force`.',
      );
    }
    await acceptedFiles({ book }, accept);
    return answerWithJob(ingestion, { accept, accepted_by: callerOf(request).name }, request, reply);
  });
};
