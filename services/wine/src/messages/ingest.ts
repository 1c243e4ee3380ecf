import { ingestWine } from '@vindima/contracts';
import { senderOf } from '@vindima/service-kit';
import type { WineContext } from '../context.ts';
import type { IngestionJob } from '../jobs/ingestion.ts';

/** `commands.wine.ingest`: starts an ingestion, once for each message. */
export const handleIngest = ({ messages }: WineContext, ingestion: IngestionJob) =>
  messages.on(ingestWine, async (request, { transaction, message }) => {
    const input = request.accept === undefined ? request : { ...request, accepted_by: senderOf(message).name };
    await ingestion.start(input, { transaction, idempotencyKey: `message-${message.id}` });
  });
