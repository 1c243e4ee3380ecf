import { gatewayOperations } from '@vindima/contracts';
import type { DeadLetters } from '@vindima/messaging';
import { type App, implement } from '@vindima/service-kit';

/** Lists, replays and discards messages that could not be handled. */
export const registerDeadLetters = (app: App, deadLetters: DeadLetters): void => {
  implement({ app }, gatewayOperations.listDeadLetters, async ({ query }) => {
    const found = await deadLetters.list({
      limit: query.limit + 1,
      ...(query.subject === undefined ? {} : { subject: query.subject }),
      ...(query.cursor === undefined ? {} : { after: Number(query.cursor) }),
    });
    const items = found.slice(0, query.limit);
    return {
      items: items.map(({ sequence, message, consumer, attempts, error, firstFailedAt, lastFailedAt }) => ({
        sequence,
        subject: message.subject,
        message_id: message.id,
        consumer,
        attempts,
        error,
        first_failed_at: firstFailedAt,
        last_failed_at: lastFailedAt,
        payload: message.payload,
      })),
      next_cursor: found.length > query.limit ? String(items.at(-1)?.sequence) : null,
    };
  });
  implement({ app }, gatewayOperations.replayDeadLetter, async ({ params }, reply) => {
    await deadLetters.replay(params.sequence);
    return reply.code(204).send(null);
  });
  implement({ app }, gatewayOperations.discardDeadLetter, async ({ params }, reply) => {
    await deadLetters.discard(params.sequence);
    return reply.code(204).send(null);
  });
};
