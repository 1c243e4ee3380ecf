import { type ConsumerMessages, DeliverPolicy } from '@nats-io/jetstream';
import type { Delivery, TailOptions } from '../bus.ts';
import { delay } from '../delay.ts';
import { errorText } from '../error-text.ts';
import { checkWatchable, subjectMatches } from '../subjects.ts';
import type { NatsContext } from './context.ts';
import { readAttributes, readPayload, targetHeader } from './envelope.ts';

const prefetch = 100;

const lastSequence = async (context: NatsContext): Promise<number> =>
  (await context.manager.streams.info(context.streams.name('events'))).state.last_seq;

const payloadOrText = (data: Uint8Array): unknown => {
  try {
    return readPayload(data);
  } catch {
    return new TextDecoder().decode(data);
  }
};

async function* follow(context: NatsContext, options: TailOptions, start: Promise<number>): AsyncGenerator<Delivery> {
  const { subjects, signal } = options;
  let position = await start;
  let current: ConsumerMessages | undefined;
  const interrupt = () => {
    current?.close().catch((error: unknown) => context.logger.debug({ error: errorText(error) }, 'tail closed'));
  };
  signal.addEventListener('abort', interrupt, { once: true });
  context.reconnects.add(interrupt);
  try {
    while (!signal.aborted) {
      try {
        // A stream that was made anew counts from 1 again: a position beyond its end means nothing in it.
        position = Math.min(position, await lastSequence(context));
        // nats-server 2.9 takes one filter only; several are sorted out here.
        const filter = subjects.length === 1 ? (subjects[0] ?? 'events.>') : 'events.>';
        const consumer = await context.client.consumers.get(context.streams.name('events'), {
          filter_subjects: context.streams.outer(filter === 'events' ? 'events.>' : filter),
          deliver_policy: DeliverPolicy.StartSequence,
          opt_start_seq: position + 1,
        });
        current = await consumer.consume({ max_messages: prefetch });
        if (signal.aborted) interrupt();
        for await (const message of current) {
          if (signal.aborted) return;
          position = message.seq;
          const subject = context.streams.inner(message.subject);
          if (!subjects.some((pattern) => subjectMatches(pattern, subject))) continue;
          if (message.headers?.has(targetHeader)) continue;
          const fallbackId = `${context.streams.name('events')}-${context.streams.createdAt('events')}-${message.seq}`;
          const { data, headers, time } = message;
          const attributes = readAttributes({ subject, data, headers, time, fallbackId });
          yield { ...attributes, payload: payloadOrText(data), sequence: message.seq, attempt: 1, signal };
        }
      } catch (error) {
        if (context.connection.isClosed()) return;
        context.logger.debug({ error: errorText(error) }, 'watching again');
        await delay(250, signal);
      }
    }
  } finally {
    interrupt();
    context.reconnects.delete(interrupt);
    signal.removeEventListener('abort', interrupt);
  }
}

/** Watches events in order, without gaps, through restarts of the broker; the place to begin is settled at the call. */
export const tail = (context: NatsContext, options: TailOptions): AsyncIterable<Delivery> => {
  checkWatchable(options.subjects);
  const start = options.after === undefined ? lastSequence(context) : Promise.resolve(options.after);
  start.catch(() => undefined); // thrown where it is awaited
  return follow(context, options, start);
};
