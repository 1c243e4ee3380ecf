import { jetstreamManager } from '@nats-io/jetstream';
import type { Bus } from '../bus.ts';
import { createConsumers } from '../consumers.ts';
import { errorText } from '../error-text.ts';
import type { Logger } from '../logger.ts';
import { createRepeatedLog } from '../repeated-log.ts';
import { checkConsumerName } from '../subjects.ts';
import { openConnection, watchConnection } from './connection.ts';
import { consumeSubject } from './consume.ts';
import type { NatsContext } from './context.ts';
import { createDeadLetters } from './dead-letters.ts';
import { advertise } from './micro.ts';
import { publish } from './publish.ts';
import { stillHas } from './still-has.ts';
import { createStreams } from './streams.ts';
import { tail } from './tail.ts';
import { createUnclaimed } from './unclaimed.ts';
import { createWindow } from './window.ts';

export interface NatsBusOptions {
  /** `nats://[user:password@|token@]host:4222`, several separated by commas. */
  readonly url: string;
  /** What the server calls this connection. */
  readonly name: string;
  readonly logger: Logger;
  /** Goes before the names of streams and all subjects: several tests or installations on one server. Letters, digits, hyphens. */
  readonly streamPrefix?: string;
  /** The server's `sync_interval`; its own default, two minutes, unless told. 0 for `always`. */
  readonly syncIntervalMs?: number;
}

/** Of a nats-server that was told nothing else. */
const defaultSyncIntervalMs = 2 * 60_000;
const windowMessages = 1_000;
const windowBytes = 16 * 1024 * 1024;

/**
 * The bus on NATS JetStream (nats-server 2.9 and later).
 * @throws 503 `messaging.unavailable` when there is no server, or none with JetStream
 */
export const connectNatsBus = async (options: NatsBusOptions): Promise<Bus> => {
  const { logger, streamPrefix = '', syncIntervalMs = defaultSyncIntervalMs } = options;
  if (streamPrefix !== '') checkConsumerName(streamPrefix);
  const connection = await openConnection(options.url, options.name);
  const reconnects = new Set<() => void>();
  const watching = watchConnection(connection, logger, () => {
    for (const callback of reconnects) callback();
  });
  const manager = await jetstreamManager(connection);
  const streams = createStreams(manager, connection.info?.max_payload ?? 1024 * 1024, streamPrefix);
  await streams.ensure();
  const client = manager.jetstream();
  const window = createWindow(windowMessages, windowBytes);
  const repeated = createRepeatedLog(logger);
  const context: NatsContext = { connection, manager, client, streams, window, logger, repeated, reconnects };
  const consumers = createConsumers((...of) => consumeSubject(context, ...of));
  let closed: Promise<void> | undefined;

  const close = async () => {
    await consumers.stop();
    await connection.drain().catch(async (error: unknown) => {
      // Without a broker there is nowhere to drain to; what was not acknowledged comes again.
      logger.debug({ error: errorText(error) }, 'closed without the message broker');
      await connection.close();
    });
    await watching;
  };

  return {
    publish: (messages) => publish(context, messages),
    syncIntervalMs,
    stillHas: (receipt, id) => stillHas(context, receipt, id),
    consume: consumers.consume,
    tail: (tailOptions) => tail(context, tailOptions),
    deadLetters: createDeadLetters(context),
    unclaimed: createUnclaimed(context),
    advertise: (service) => advertise(connection, service),
    check: async () => {
      await manager.getAccountInfo().catch((error: unknown) => {
        throw new Error(`The message broker does not answer: ${errorText(error)}`, { cause: error });
      });
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
