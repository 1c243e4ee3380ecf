import { type AnyMessage, type MessageDefinition, type PayloadOf, ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { Transaction } from 'kysely';
import type { Bus, Consumer, ConsumerOptions, DeadLetters, Delivery } from '../bus.ts';
import { errorText } from '../error-text.ts';
import type { Logger } from '../logger.ts';
import { composeMessage, type SendOptions } from './compose.ts';
import type { BatchMessageHandler, HandlerContext, MessageHandler } from './handler.ts';
import { pruneInbox } from './inbox-retention.ts';
import { cause } from './middleware/cause.ts';
import { inbox } from './middleware/inbox.ts';
import { logging } from './middleware/logging.ts';
import { preparation } from './middleware/preparation.ts';
import { trace } from './middleware/trace.ts';
import { validation } from './middleware/validation.ts';
import { createOutbox } from './outbox.ts';
import { startRelay } from './relay.ts';
import { type MessagingTables, messagingTables } from './tables.ts';

export interface MessengerOptions<Schema extends MessagingTables> {
  readonly bus: Bus;
  /** Opened with `messagingMigrations` among its migrations. */
  readonly database: Database<Schema>;
  /** The service's name: the source of what it sends, the durable name of what it hears. */
  readonly service: string;
  readonly logger: Logger;
}

export interface OnOptions extends Omit<ConsumerOptions, 'subjects' | 'name'> {
  /** Another durable name than the service's, for a second handler of the same event. */
  readonly name?: string;
}

/** What has been counted since the messenger was made. */
export interface MessengerStatistics {
  /** Messages whose effects were committed. */
  readonly handled: number;
  /** Deliveries that had been handled before: prevented effects. */
  readonly duplicates: number;
  /** Deliveries that did not fit their definition. */
  readonly invalid: number;
  /** Messages that the relay has published. */
  readonly relayed: number;
}

/** How a service sends and hears messages. */
export interface Messenger<Schema extends MessagingTables> {
  /**
   * Writes a message into the outbox in the caller's transaction: it is sent if and only if that commits.
   * @returns its id @throws 500 `messaging.invalid_payload`; 413 `messaging.too_large`
   */
  send<Definition extends MessageDefinition>(
    transaction: Transaction<Schema>,
    definition: Definition,
    payload: PayloadOf<Definition>,
    options?: SendOptions,
  ): Promise<string>;
  /** `database.transaction` that sends what was written as soon as it has committed, and writes it in one statement. */
  transaction<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>;
  /** To be called after a transaction of one's own with `send` in it has committed; otherwise it takes up to a second. */
  wake(): void;
  /**
   * Publishes at once a message that tells of no state in the database: a command, progress. Resolves with its id when it is durable.
   * @throws 500 `messaging.invalid_payload`; 413 `messaging.too_large`; 503 `messaging.unavailable`
   */
  publish<Definition extends MessageDefinition>(
    definition: Definition,
    payload: PayloadOf<Definition>,
    options?: SendOptions,
  ): Promise<string>;
  /** Handles every message of a definition, effects once. Batches of 50 unless told; `batch: 1` for slow handlers. */
  on<Definition extends AnyMessage>(
    definition: Definition,
    handler: MessageHandler<Schema, PayloadOf<Definition>>,
    options?: OnOptions,
  ): Promise<Consumer>;
  /**
   * As `on`, with the long part of the work done by `prepare` before the transaction begins: nothing waits for it there. It has no effects,
   * and may be done again. A `PoisonMessage` sends the message to the dead letters at once.
   */
  onPrepared<Definition extends AnyMessage, Prepared extends object>(
    definition: Definition,
    prepare: (payload: PayloadOf<Definition>, message: Delivery) => Promise<Prepared>,
    handler: (prepared: Prepared, context: HandlerContext<Schema>) => Promise<void>,
    options?: OnOptions,
  ): Promise<Consumer>;
  /** As `on`, for handlers that do many messages with one statement. The traces of a batch do not go on from it. */
  onBatch<Definition extends AnyMessage>(
    definition: Definition,
    handler: BatchMessageHandler<Schema, PayloadOf<Definition>>,
    options?: OnOptions,
  ): Promise<Consumer>;
  readonly deadLetters: DeadLetters;
  readonly statistics: MessengerStatistics;
  /** Stops the handlers, waits for those that run, publishes the outbox. Bus and database stay open. */
  close(): Promise<void>;
}

const defaultBatch = 50;
const pruneEveryMs = 3_600_000;

const eachAlone =
  <Schema>(handler: MessageHandler<Schema>): BatchMessageHandler<Schema> =>
  async (messages, transaction) => {
    for (const message of messages) {
      const { payload, signal, attempt } = message;
      await handler(payload, { message, transaction, signal, attempt });
    }
  };

/** Makes a service's messenger and starts its relay. */
export const createMessenger = <Schema extends MessagingTables>(
  options: MessengerOptions<Schema>,
): Messenger<Schema> => {
  const { bus, database, service, logger } = options;
  const statistics = { handled: 0, duplicates: 0, invalid: 0, relayed: 0 };
  const published = (count: number) => {
    statistics.relayed += count;
  };
  const relay = startRelay({ database, bus, service, logger, published });
  const outbox = createOutbox(database);
  const consumers = new Map<string, Consumer | 'starting'>();
  const closing = new AbortController();
  let pruning = Promise.resolve();
  const prune = () => {
    pruning = pruneInbox(messagingTables(database.query), Date.now(), closing.signal).catch((error: unknown) => {
      logger.warn({ service, error: errorText(error) }, 'old rows of the inbox could not be removed');
    });
  };
  const timer = setInterval(prune, pruneEveryMs).unref();
  const transaction: Messenger<Schema>['transaction'] = async (work) => {
    const result = await outbox.transaction(work);
    relay.wake();
    return result;
  };

  const listen = async (
    definition: AnyMessage,
    handler: BatchMessageHandler<Schema>,
    { name = service, batch = defaultBatch, ...consumerOptions }: OnOptions = {},
    prepare?: (delivery: Delivery) => Promise<void>,
  ): Promise<Consumer> => {
    const key = `${name}:${definition.subject}`;
    if (consumers.has(key)) {
      throw new ServiceError(500, 'messaging.handled_twice', `${name} already has a handler of ${definition.subject}`);
    }
    consumers.set(key, 'starting');
    const record = inbox<Schema>({
      database,
      outbox: { add: outbox.add, transaction },
      consumer: key,
      handler,
      handled: (count) => {
        statistics.handled += count;
      },
      duplicate: (count) => {
        statistics.duplicates += count;
      },
    });
    const invalid = () => {
      statistics.invalid += 1;
    };
    try {
      const consumer = await bus.consume(
        { ...consumerOptions, name, batch, subjects: [definition.subject] },
        validation(definition, prepare === undefined ? record : preparation(prepare, record), invalid),
      );
      const stop = async () => {
        await consumer.stop();
        consumers.delete(key);
      };
      consumers.set(key, { stop });
      return { stop };
    } catch (error) {
      consumers.delete(key);
      throw error;
    }
  };

  return {
    send: async (caller, definition, payload, sendOptions) => {
      const message = composeMessage(service, definition, payload, sendOptions);
      await outbox.add(caller, message);
      relay.expect();
      return message.id;
    },
    transaction,
    wake: relay.wake,
    publish: async (definition, payload, sendOptions) => {
      const message = composeMessage(service, definition, payload, sendOptions);
      await bus.publish([message]);
      return message.id;
    },
    on: (definition, handler, onOptions) => {
      // Checked by the validation in front of it.
      type Payload = Parameters<typeof handler>[0];
      const wrapped = cause(trace(logging(logger)<Schema>((payload, context) => handler(payload as Payload, context))));
      return listen(definition, eachAlone(wrapped), onOptions);
    },
    onPrepared: (definition, prepare, handler, onOptions) => {
      type Payload = Parameters<typeof prepare>[0];
      const prepared = new WeakMap<Delivery, Awaited<ReturnType<typeof prepare>>>();
      const wrapped = trace(
        logging(logger)<Schema>((_, context) => {
          const own = prepared.get(context.message);
          if (own === undefined) throw new Error('nothing was prepared for the message');
          return handler(own, context);
        }),
      );
      return listen(definition, eachAlone(wrapped), onOptions, async (delivery) => {
        prepared.set(delivery, await prepare(delivery.payload as Payload, delivery));
      });
    },
    onBatch: (definition, handler, onOptions) => {
      type Messages = Parameters<typeof handler>[0];
      return listen(definition, (messages, caller) => handler(messages as Messages, caller), onOptions);
    },
    deadLetters: bus.deadLetters,
    statistics,
    close: async () => {
      clearInterval(timer);
      closing.abort();
      const running = [...consumers.values()].filter((consumer) => consumer !== 'starting');
      await Promise.all(running.map((consumer) => consumer.stop()));
      await relay.stop();
      await pruning;
    },
  };
};
