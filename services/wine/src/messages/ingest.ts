import { ingestWine } from '@vindima/contracts';
import type { WineContext } from '../context.ts';
import type { IngestionJob } from '../jobs/ingestion.ts';

/** `commands.wine.ingest`: starts an ingestion, once for each message. */
export const handleIngest = ({ messages }: WineContext, ingestion: IngestionJob) =>
  messages.on(ingestWine, async (request, { transaction, message }) => {
    await ingestion.start(request, { transaction, idempotencyKey: `message-${message.id}` });
  });
