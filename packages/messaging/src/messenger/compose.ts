import { type MessageDefinition, ServiceError } from '@vindima/contracts';
import { v7 as timeOrderedId } from 'uuid';
import type { Message } from '../bus.ts';
import { currentCause } from './cause.ts';
import { payloadProblem } from './payload-check.ts';
import { createTraceparent, currentTraceparent } from './trace.ts';

export interface SendOptions {
  /** Names the message: the same id is handled once. Without it, a new one. */
  readonly id?: string;
  /** Of the request that caused the message; without it, that of the message being handled. */
  readonly traceparent?: string;
  /** What the sender calls the matter; without it, as the message or the job that is being handled says. */
  readonly reference?: string;
  /** A URI reference; default: `vindima/<service>`. The gateway says in it on whose behalf it publishes a command. */
  readonly source?: string;
}

const longestId = 128;

/**
 * Makes the message of a payload.
 * @throws 500 `messaging.invalid_payload`, `messaging.invalid_id`: contracts are ours on both ends, so it is a mistake in the program
 */
export const composeMessage = (
  service: string,
  definition: MessageDefinition,
  payload: unknown,
  options: SendOptions = {},
): Message => {
  const problem = payloadProblem(definition, payload);
  if (problem !== undefined) {
    throw new ServiceError(500, 'messaging.invalid_payload', `A message that ${service} tried to send ${problem}`, {
      details: { subject: definition.subject },
    });
  }
  const id = options.id ?? timeOrderedId();
  if (id === '' || id.length > longestId) {
    throw new ServiceError(500, 'messaging.invalid_id', `A message id has 1 to ${longestId} characters`);
  }
  const reference = options.reference ?? currentCause()?.reference;
  return {
    id,
    subject: definition.subject,
    type: definition.type,
    source: options.source ?? `vindima/${service}`,
    time: new Date().toISOString(),
    traceparent: createTraceparent(options.traceparent ?? currentTraceparent()),
    ...(reference === undefined ? {} : { reference }),
    payload,
  };
};
