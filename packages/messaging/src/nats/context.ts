import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '../logger.ts';
import type { RepeatedLog } from '../repeated-log.ts';
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
  /** Of what may be said of thousands of messages. */
  readonly repeated: RepeatedLog;
  /** Called after every reconnect; pulls that were under way are void by then. */
  readonly reconnects: Set<() => void>;
}
