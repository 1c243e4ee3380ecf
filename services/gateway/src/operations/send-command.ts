import { createHash } from 'node:crypto';
import { type AnyMessage, gatewayOperations, messageBySubject, type PayloadOf, ServiceError } from '@vindima/contracts';
import { duplicateWindowMs, payloadProblem, type SendOptions } from '@vindima/messaging';
import { type App, assertMayRead, implement, objectKeyOf, sourceFor } from '@vindima/service-kit';
import { LRUCache } from 'lru-cache';
import { asCaller } from '../auth/principal.ts';

interface Publisher {
  publish<Definition extends AnyMessage>(
    definition: Definition,
    payload: PayloadOf<Definition>,
    options?: SendOptions,
  ): Promise<string>;
}

/** Publishes a command; the body is its payload. */
export const sendCommand = (app: App, messages: Publisher): void => {
  /** What came with the latest keys, for as long as the bus knows a repeat: another replica's it cannot tell. */
  const sent = new LRUCache<string, string>({ max: 10_000, ttl: duplicateWindowMs });
  implement({ app }, gatewayOperations.sendCommand, async (request, reply) => {
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
  });
};

/** The same for the same parts; of a bounded length. */
const digest = (...parts: readonly unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
