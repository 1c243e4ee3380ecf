import type { JsMsg } from '@nats-io/jetstream';
import type { ConsumerOptions, Outcome } from '../bus.ts';
import { errorText } from '../error-text.ts';
import { backoffDelay } from '../limits.ts';
import { streamOf } from '../subjects.ts';
import type { NatsContext } from './context.ts';
import { bury } from './dead-letter.ts';
import { durableName } from './durable.ts';

const remembered = 10_000;

/** @returns what tells the broker the outcome of a delivery: done, again later, or buried and done. */
export const createSettler = (context: NatsContext, options: Required<ConsumerOptions>, subject: string) => {
  const kind = streamOf(subject);
  const about = `${options.name}:${subject}`;
  const firstFailures = new Map<number, string>();

  return async (message: JsMsg, id: string, outcome: Outcome): Promise<void> => {
    if (outcome.done) {
      firstFailures.delete(message.seq);
      message.ack();
      return;
    }
    const attempts = message.info.deliveryCount;
    const firstFailedAt = firstFailures.get(message.seq) ?? new Date().toISOString();
    const details = { subject, consumer: options.name, id, attempts, error: errorText(outcome.error) };
    if (outcome.dead !== true && attempts < options.maximumDeliveries) {
      if (firstFailures.size < remembered) firstFailures.set(message.seq, firstFailedAt);
      context.repeated('warn', about, details, 'a message failed and comes again');
      message.nak(backoffDelay(options.backoffMs, attempts));
      return;
    }
    const key = `${durableName(options.name, subject)}-${context.streams.createdAt(kind)}-${message.seq}`;
    await bury(context, message, {
      consumer: options.name,
      subject,
      id,
      key,
      attempts,
      error: outcome.error,
      firstFailedAt,
    });
    context.repeated('error', about, details, 'a message went to the dead letters');
    firstFailures.delete(message.seq);
    message.ack();
  };
};
