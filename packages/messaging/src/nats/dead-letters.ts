import { AckPolicy, DeliverPolicy, JetStreamApiCodes, JetStreamApiError, type StoredMsg } from '@nats-io/jetstream';
import { type MsgHdrs, nanos } from '@nats-io/transport-node';
import { ServiceError } from '@vindima/contracts';
import type { DeadLetter, DeadLetters } from '../bus.ts';
import type { NatsContext } from './context.ts';
import { deadLetterHeaders } from './dead-letter.ts';
import { decodeHeader, encodeHeader, readAttributes, readPayload, targetHeader } from './envelope.ts';
import { publishOne } from './publish.ts';

const deadPrefix = 'dead-letters.';

interface StoredDeadLetter {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  readonly time: Date;
  readonly sequence: number;
}

const toDeadLetter = (context: NatsContext, stored: StoredDeadLetter): DeadLetter => {
  const header = (name: string) => decodeHeader(stored.headers?.get(name) ?? '');
  const subject = context.streams.inner(stored.subject).slice(deadPrefix.length);
  const attributes = readAttributes({ ...stored, subject, fallbackId: '' });
  let payload: unknown;
  try {
    payload = readPayload(stored.data);
  } catch {
    payload = new TextDecoder().decode(stored.data); // the reason why it is here
  }
  const lastFailedAt = header(deadLetterHeaders.lastFailedAt) || stored.time.toISOString();
  return {
    sequence: stored.sequence,
    message: { ...attributes, payload },
    consumer: header(deadLetterHeaders.consumer),
    attempts: Number(header(deadLetterHeaders.attempts)) || 0,
    error: header(deadLetterHeaders.error),
    firstFailedAt: header(deadLetterHeaders.firstFailedAt) || lastFailedAt,
    lastFailedAt,
  };
};

/** Lists, replays and discards what the DEAD_LETTERS stream holds. */
export const createDeadLetters = (context: NatsContext): DeadLetters => {
  const stream = context.streams.name('dead-letters');
  const { manager } = context;
  const unknown = (sequence: number) =>
    new ServiceError(404, 'messaging.unknown_dead_letter', `There is no dead letter ${sequence}`);

  const find = async (sequence: number): Promise<StoredMsg> => {
    if (!Number.isSafeInteger(sequence) || sequence < 1) throw unknown(sequence);
    const stored = await manager.streams.getMessage(stream, { seq: sequence }).catch((error: unknown) => {
      if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound) return null;
      throw error;
    });
    if (stored === null) throw unknown(sequence);
    return stored;
  };

  return {
    list: async ({ subject, after = 0, limit = 100 } = {}) => {
      const info = await manager.consumers.add(stream, {
        ack_policy: AckPolicy.None,
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: after + 1,
        filter_subject: context.streams.outer(`${deadPrefix}${subject ?? '>'}`),
        inactive_threshold: nanos(30_000),
        mem_storage: true,
      });
      try {
        const count = Math.min(limit, info.num_pending);
        if (count === 0) return [];
        const consumer = await context.client.consumers.get(stream, info.name);
        const found: DeadLetter[] = [];
        for await (const message of await consumer.fetch({ max_messages: count, expires: 5_000 })) {
          const { data, headers, time, seq: sequence } = message;
          found.push(toDeadLetter(context, { subject: message.subject, data, headers, time, sequence }));
        }
        return found;
      } finally {
        await manager.consumers.delete(stream, info.name);
      }
    },
    replay: async (sequence) => {
      const stored = await find(sequence);
      const { header: headers, data, time, subject } = stored;
      const letter = toDeadLetter(context, { subject, data, headers, time, sequence });
      for (const name of Object.values(deadLetterHeaders)) headers.delete(name);
      if (letter.consumer !== '') headers.set(targetHeader, encodeHeader(letter.consumer));
      await publishOne(context, {
        subject: context.streams.outer(letter.message.subject),
        data,
        headers,
        // Not the message's own id: the broker would take it for a duplicate.
        id: `replay-${context.streams.createdAt('dead-letters')}-${sequence}`,
      });
      await manager.streams.deleteMessage(stream, sequence);
    },
    discard: async (sequence) => {
      await find(sequence);
      await manager.streams.deleteMessage(stream, sequence);
    },
  };
};
