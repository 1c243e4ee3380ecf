import type { JsMsg } from '@nats-io/jetstream';
import type { BatchHandler, Consumer, ConsumerOptions, Delivery, Outcome } from '../bus.ts';
import { errorText } from '../error-text.ts';
import { createGate } from '../gate.ts';
import { givenUpAt, neverAnswered } from '../limits.ts';
import { runHandler } from '../run-handler.ts';
import { streamOf } from '../subjects.ts';
import type { NatsContext } from './context.ts';
import { ensureDurable } from './durable.ts';
import { readAttributes, readPayload, targetHeader } from './envelope.ts';
import { pullUntilAborted } from './pull.ts';
import { createSettler } from './settle.ts';

/** Consumes one subject: a puller fills a queue, a worker empties it batch by batch, a timer reports progress for all that is held. */
export const consumeSubject = async (
  context: NatsContext,
  options: Required<ConsumerOptions>,
  subject: string,
  handler: BatchHandler,
): Promise<Consumer> => {
  const kind = streamOf(subject);
  const open = async () => {
    await context.streams.ensure();
    return await ensureDurable(context, options, subject);
  };
  const first = await ensureDurable(context, options, subject);
  const stopping = new AbortController();
  const { signal } = stopping;
  // The latest delivery of every message that this process has and has not answered yet, by sequence.
  const held = new Map<number, JsMsg>();
  const queue: number[] = [];
  const capacity = options.batch === 1 ? 1 : 2 * options.batch;
  const arrived = createGate();
  const answered = createGate();
  const settle = createSettler(context, options, subject);

  const accept = (message: JsMsg) => {
    const known = held.has(message.seq);
    // Delivered anew while we still have it (the broker restarted): answer the new delivery, but do not handle it twice.
    held.set(message.seq, message);
    if (known) return;
    queue.push(message.seq);
    arrived.open();
  };

  const room = async (): Promise<number> => {
    while (!signal.aborted && capacity - held.size < Math.min(options.batch, capacity)) await answered.wait();
    return Math.min(options.batch, capacity - held.size);
  };

  const answer = async (sequence: number, id: string, outcome: Outcome): Promise<void> => {
    const message = held.get(sequence);
    if (message === undefined) return;
    try {
      await settle(message, id, outcome);
    } catch (error) {
      // Not answered at all: it comes again after the ack wait.
      context.logger.error({ subject, sequence, error: errorText(error) }, 'a failed message could not be buried yet');
    } finally {
      held.delete(sequence);
    }
  };

  const handle = async (sequences: readonly number[]): Promise<void> => {
    const deliveries: Delivery[] = [];
    for (const sequence of sequences) {
      const message = held.get(sequence);
      if (message === undefined) continue;
      const fallbackId = `${context.streams.name(kind)}-${context.streams.createdAt(kind)}-${sequence}`;
      const attributes = readAttributes({
        subject,
        data: message.data,
        headers: message.headers,
        time: message.time,
        fallbackId,
      });
      const target = message.headers?.get(targetHeader) ?? '';
      const attempt = message.info.deliveryCount;
      if (target !== '' && target !== options.name) {
        await answer(sequence, attributes.id, { done: true });
        continue;
      }
      try {
        if (attempt >= givenUpAt(options.maximumDeliveries)) throw neverAnswered(attempt);
        deliveries.push({ ...attributes, payload: readPayload(message.data), sequence, attempt, signal });
      } catch (error) {
        await answer(sequence, attributes.id, { done: false, error, dead: true });
      }
    }
    if (deliveries.length === 0) return;
    const outcomes = await runHandler(handler, deliveries);
    await Promise.all(
      deliveries.map(({ sequence, id }, index) =>
        answer(sequence, id, outcomes[index] ?? { done: false, error: new Error('The handler gave no answer') }),
      ),
    );
  };

  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      if (queue.length === 0) await arrived.wait();
      if (signal.aborted) break;
      await handle(queue.splice(0, options.batch));
      answered.open();
    }
  };

  const progress = setInterval(() => {
    for (const message of held.values()) message.working();
  }, options.ackWaitMs / 3);

  const working = work();
  const pulling = pullUntilAborted(context, first, { signal, open, room, accept });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    arrived.open();
    answered.open();
    await Promise.all([working, pulling]);
    clearInterval(progress);
    // What was prefetched and not begun is somebody else's at once.
    for (const sequence of queue.splice(0)) held.get(sequence)?.nak();
    held.clear();
  };
  return {
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
};
