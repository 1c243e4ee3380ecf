import { DeadLetterItem, Page } from '@vindima/contracts';
import type { DeadLetters } from '@vindima/messaging';
import type { App } from '@vindima/service-kit';
import { Type } from 'typebox';

const tags = ['messages'];
const config = { requirement: { role: 'admin', service: 'gateway', access: 'write' } } as const;
const Params = Type.Object({ sequence: Type.Integer({ minimum: 1 }) });

/** `GET /dead-letters`, `POST /dead-letters/{sequence}/replay`, `DELETE /dead-letters/{sequence}`. */
export const registerDeadLetters = (app: App, deadLetters: DeadLetters): void => {
  app.get(
    '/dead-letters',
    {
      schema: {
        tags,
        summary: 'Messages that could not be handled, and why; oldest first',
        querystring: Type.Object({
          subject: Type.Optional(Type.String({ maxLength: 200 })),
          limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
          cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
        }),
        response: { 200: Page(DeadLetterItem) },
      },
      config,
    },
    async ({ query }) => {
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
    },
  );
  app.post(
    '/dead-letters/:sequence/replay',
    {
      schema: { tags, summary: 'Hand a message to its consumer again', params: Params, response: { 204: Type.Null() } },
      config,
    },
    async (request, reply) => {
      await deadLetters.replay(request.params.sequence);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/dead-letters/:sequence',
    { schema: { tags, summary: 'Give a message up for good', params: Params, response: { 204: Type.Null() } }, config },
    async (request, reply) => {
      await deadLetters.discard(request.params.sequence);
      return reply.code(204).send(null);
    },
  );
};
