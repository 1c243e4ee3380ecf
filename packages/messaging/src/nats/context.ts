import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '../logger.ts';
import type { Streams } from './streams.ts';
import type { Window } from './window.ts';

/** What every part of the NATS bus works with. */
export interface NatsContext {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
  readonly streams: Streams;
  /** What this connection has published and awaits the acknowledgements of. */
  readonly window: Window;
  readonly logger: Logger;
  /** Called after every reconnect; pulls that were under way are void by then. */
  readonly reconnects: Set<() => void>;
}
