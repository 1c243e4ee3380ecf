import { ingestWine } from '@vindima/contracts';
import type { IngestionJob, WineContext } from '../ingest/job.ts';

/** `commands.wine.ingest`: starts an ingestion, once for each message. */
export const handleIngest = ({ messages }: WineContext, ingestion: IngestionJob) =>
  messages.on(ingestWine, async (request, { transaction, message }) => {
    await ingestion.start(request, { transaction, idempotencyKey: `message-${message.id}` });
  });
