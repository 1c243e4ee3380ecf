import { createHash } from 'node:crypto';
import {
  AcceptedCommand,
  type AnyMessage,
  messageBySubject,
  type PayloadOf,
  ReferenceHeader,
  ServiceError,
} from '@vindima/contracts';
import { duplicateWindowMs, payloadProblem, type SendOptions } from '@vindima/messaging';
import { type App, assertMayRead, objectKeyOf, sourceFor } from '@vindima/service-kit';
import { LRUCache } from 'lru-cache';
import { Type } from 'typebox';
import { asCaller } from '../auth/principal.ts';

interface Publisher {
  publish<Definition extends AnyMessage>(
    definition: Definition,
    payload: PayloadOf<Definition>,
    options?: SendOptions,
  ): Promise<string>;
}

/** `POST /commands/{service}/{verb}`: the body is the command's payload. */
export const registerCommands = (app: App, messages: Publisher): void => {
  /** What came with the latest keys, for as long as the bus knows a repeat: another replica's it cannot tell. */
  const sent = new LRUCache<string, string>({ max: 10_000, ttl: duplicateWindowMs });
  app.post(
    '/commands/:service/:verb',
    {
      schema: {
        tags: ['messages'],
        summary: 'Publish a command; its payload is validated, and it is durable when this answers',
        params: Type.Object({ service: Type.String({ maxLength: 40 }), verb: Type.String({ maxLength: 60 }) }),
        body: Type.Unknown(),
        headers: Type.Object({
          'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
          ...ReferenceHeader,
        }),
        response: { 202: AcceptedCommand },
      },
      config: {
        requirement: {
          role: 'editor',
          service: '{service}',
          access: 'write',
          serviceOf: ({ params }) => (params as { service: string }).service,
        },
      },
    },
    async (request, reply) => {
      const { service, verb } = request.params;
      const subject = `commands.${service}.${verb}`;
      const definition = messageBySubject(subject);
      if (definition === undefined)
        throw new ServiceError(404, 'gateway.unknown_command', `There is no command ${subject}.`);
      const payload = request.body === undefined ? {} : request.body;
      const problem = payloadProblem(definition, payload);
      if (problem !== undefined) {
        throw new ServiceError(400, 'gateway.invalid_payload', `The body of this command ${problem}.`, {
          details: { subject },
        });
      }
      const caller = asCaller(request.principal);
      const objectKey = objectKeyOf(payload);
      // The service refuses it as well; here its sender is told.
      if (objectKey !== undefined) assertMayRead('gateway', caller, objectKey);
      const source = sourceFor('gateway', caller);
      const key = request.headers['idempotency-key'];
      if (key === undefined) {
        return reply.code(202).send({ id: await messages.publish(definition, payload as never, { source }), subject });
      }
      const id = digest(request.principal.caller, subject, key);
      const content = digest(payload);
      if ((sent.get(id) ?? content) !== content) {
        throw new ServiceError(
          409,
          'gateway.idempotency_conflict',
          'This Idempotency-Key came with another body before.',
          {
            details: { idempotency_key: key },
          },
        );
      }
      // Before it is published: two at once are told apart, too.
      sent.set(id, content);
      await messages.publish(definition, payload as never, { id, source });
      return reply.code(202).send({ id, subject });
    },
  );
};

/** The same for the same parts; of a bounded length. */
const digest = (...parts: readonly unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
