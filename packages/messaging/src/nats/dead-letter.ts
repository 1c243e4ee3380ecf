import type { JsMsg } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { errorText } from '../error-text.ts';
import type { NatsContext } from './context.ts';
import { encodeHeader, targetHeader } from './envelope.ts';
import { publishOne } from './publish.ts';

export const deadLetterHeaders = {
  consumer: 'vindima-failed-consumer',
  attempts: 'vindima-attempts',
  error: 'vindima-error',
  firstFailedAt: 'vindima-first-failed-at',
  lastFailedAt: 'vindima-last-failed-at',
} as const;

const carried = [
  'ce-specversion',
  'ce-id',
  'ce-type',
  'ce-source',
  'ce-time',
  'ce-reference',
  'reference',
  'content-type',
  'traceparent',
];

export interface Failure {
  readonly consumer: string;
  /** The inner subject. */
  readonly subject: string;
  /** The message's id, also where it was filled in. */
  readonly id: string;
  /** Unique to this message in this stream and this consumer: written twice after a crash, it is there once. */
  readonly key: string;
  readonly attempts: number;
  readonly error: unknown;
  readonly firstFailedAt: string;
}

const copyHeaders = (from: MsgHdrs | undefined): MsgHdrs => {
  const result = headers();
  for (const name of carried) {
    const value = from?.get(name) ?? '';
    if (value !== '') result.set(name, value);
  }
  return result;
};

/** Puts a message into the dead letters; resolves when it is stored there, and only then may it be acknowledged. */
export const bury = async (
  context: NatsContext,
  message: Pick<JsMsg, 'data' | 'headers' | 'time'>,
  failure: Failure,
): Promise<void> => {
  const reason = copyHeaders(message.headers);
  reason.set('ce-id', encodeHeader(failure.id));
  // What was filled in stays as it was, also after a replay.
  if (!reason.has('ce-time')) reason.set('ce-time', encodeHeader(message.time.toISOString()));
  reason.set(deadLetterHeaders.consumer, failure.consumer);
  reason.set(deadLetterHeaders.attempts, String(failure.attempts));
  // Encoded, a character takes up to 12 bytes: cut again, between two of them.
  reason.set(
    deadLetterHeaders.error,
    encodeHeader(errorText(failure.error))
      .slice(0, 2_000)
      .replace(/%[0-9A-F]?$/, ''),
  );
  reason.set(deadLetterHeaders.firstFailedAt, failure.firstFailedAt);
  reason.set(deadLetterHeaders.lastFailedAt, new Date().toISOString());
  reason.delete(targetHeader);
  await publishOne(context, {
    subject: context.streams.outer(`dead-letters.${failure.subject}`),
    data: message.data,
    headers: reason,
    id: failure.key,
  });
};
