import { JetStreamApiError } from '@nats-io/jetstream';
import { errors, type MsgHdrs } from '@nats-io/transport-node';
import { isNoSpace, ServiceError } from '@vindima/contracts';
import type { Message, Receipt } from '../bus.ts';
import { delay } from '../delay.ts';
import { errorText } from '../error-text.ts';
import { headerAllowanceBytes, maximumPayloadBytes, tooLarge } from '../limits.ts';
import { streamOf } from '../subjects.ts';
import type { NatsContext } from './context.ts';
import { toHeaders } from './envelope.ts';
import { incarnationOf } from './still-has.ts';

export interface Outgoing {
  /** As the server knows it. */
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs;
  /** `Nats-Msg-Id` */
  readonly id: string;
}

/** How long a publish outlasts a broker that restarts. */
const patienceMs = 15_000;
const acknowledgementMs = 5_000;
const never = new AbortController().signal;

class Reconnected extends Error {}

/** An answer that was under way when the connection broke never comes: no use in waiting for its time-out. */
const untilReconnect = async <Answer>(context: NatsContext, answer: Promise<Answer>): Promise<Answer> => {
  const { promise: broken, reject } = Promise.withResolvers<never>();
  const interrupt = () => reject(new Reconnected('the connection broke before the answer'));
  context.reconnects.add(interrupt);
  try {
    return await Promise.race([answer, broken]);
  } finally {
    context.reconnects.delete(interrupt);
  }
};

const isPassing = (error: unknown): boolean =>
  error instanceof Reconnected ||
  error instanceof errors.TimeoutError ||
  error instanceof errors.NoRespondersError ||
  error instanceof errors.RequestError ||
  // What the client makes of no answer at all: the server is recovering its streams, or the stream is gone.
  (error instanceof Error && error.name === 'JetStreamNotEnabled') ||
  // No leader yet, stream being recovered; what is full does not pass by itself.
  (error instanceof JetStreamApiError && error.status === 503 && !isNoSpace(error));

const streamStoreFailed = 10077;

/** The stream has as many messages, or bytes, as it may have, and takes no more until some are done. */
const isFull = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  error.code === streamStoreFailed &&
  /maximum (messages|bytes) exceeded/.test(error.message);

const full = (subject: string, cause: unknown): ServiceError =>
  new ServiceError(
    503,
    'messaging.full',
    `The message broker takes no more messages like ${subject}: too many wait to be done. Try again later.`,
    { cause },
  );

/** Publishes one message and waits until the stream has it. Repeats are safe: the id tells the broker. @returns its place */
export const publishOne = async (context: NatsContext, message: Outgoing): Promise<number> => {
  await context.window.enter(message.data.length);
  try {
    return await publishUntilStored(context, message);
  } finally {
    context.window.leave(message.data.length);
  }
};

const publishUntilStored = async (context: NatsContext, message: Outgoing): Promise<number> => {
  const deadline = Date.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { seq } = await untilReconnect(
        context,
        context.client.publish(message.subject, message.data, {
          msgID: message.id,
          headers: message.headers,
          timeout: acknowledgementMs,
          retries: 1,
        }),
      );
      return seq;
    } catch (error) {
      if (isFull(error)) throw full(message.subject, error);
      if (!isPassing(error) || Date.now() > deadline) {
        throw new ServiceError(
          503,
          'messaging.unavailable',
          `The message broker took no message: ${errorText(error)}`,
          {
            cause: error,
          },
        );
      }
      await delay(Math.min(1_000, 50 * 2 ** attempt), never);
      await context.streams.ensure().catch((cause: unknown) => {
        context.logger.debug({ error: errorText(cause) }, 'streams not reachable yet');
      });
    }
  }
};

const encode = (context: NatsContext, message: Message): Outgoing => {
  streamOf(message.subject);
  const data = Buffer.from(JSON.stringify(message.payload) ?? 'null');
  const broker = (context.connection.info?.max_payload ?? Number.POSITIVE_INFINITY) - 2 * headerAllowanceBytes;
  const limit = Math.min(maximumPayloadBytes, broker);
  if (data.length > limit) throw tooLarge(message.subject, data.length, limit);
  const headers = toHeaders(message);
  return { subject: context.streams.outer(message.subject), data, headers, id: headers.get('ce-id') };
};

/** Publishes in order, pipelined: all are on their way, within the connection's window, before the first acknowledgement is awaited. */
export const publish = async (context: NatsContext, messages: readonly Message[]): Promise<readonly Receipt[]> => {
  const outgoing = messages.map((message) => encode(context, message));
  return await Promise.all(
    outgoing.map(async (message): Promise<Receipt> => {
      const sequence = await publishOne(context, message);
      const stream = streamOf(context.streams.inner(message.subject));
      return { stream, incarnation: incarnationOf(context, stream), sequence };
    }),
  );
};
