/** A message as it travels: CloudEvents 1.0 attributes around a JSON payload. */
export interface Message<Payload = unknown> {
  /** Unique; a second publish of the same id is dropped. */
  readonly id: string;
  readonly subject: string;
  /** With its version, for example `wine.series-ingested.v1`; empty when the sender named none (`nats pub` by hand). */
  readonly type: string;
  /** Who sent it, for example `vindima/wine`. */
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  /** What the sender calls the matter (CloudEvents extension attribute); it goes on to what comes of the message. */
  readonly reference?: string;
  readonly payload: Payload;
}

/** A message on its way to a handler. */
export interface Delivery<Payload = unknown> extends Message<Payload> {
  /** Its place in the stream. */
  readonly sequence: number;
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborted when the consumer stops: finish or give up; what is not acknowledged comes again. */
  readonly signal: AbortSignal;
}

export interface ConsumerOptions {
  /** Durable name: consumers of the same name share the work, another name gets its own copy (events). */
  readonly name: string;
  /**
   * Exact subjects. Each has a durable consumer of its own, so a batch holds deliveries of one subject. A new name begins with
   * the oldest message that is kept. A command can have one name only. Letters, digits and hyphens.
   */
  readonly subjects: readonly string[];
  /**
   * How many deliveries a handler gets at once, at most; as many again are prefetched. Default 1: one after another and none
   * prefetched, right for slow work. Always in the order of publishing, except that what failed comes again later.
   */
  readonly batch?: number;
  /** A delivery that is neither finished nor being worked on for so long comes again. The bus itself reports progress while a handler runs. */
  readonly ackWaitMs?: number;
  /** Waits before the second, third, ... delivery; the last one repeats. */
  readonly backoffMs?: readonly number[];
  /** A failure at this delivery, or a later one, sends a message to the dead letters; so do five times as many that nobody answered. */
  readonly maximumDeliveries?: number;
}

/** Where a message is that the bus has acknowledged. */
export interface Receipt {
  readonly stream: 'commands' | 'events';
  /** Of the stream and of the broker as it runs: what another one has acknowledged may be gone. */
  readonly incarnation: string;
  /** Its place in the stream; 0 for a duplicate whose place is not known. */
  readonly sequence: number;
}

/** What becomes of one delivery: `done`, or `failed` (again later, then dead letter), or `dead` (dead letter at once: it can never succeed). */
export type Outcome =
  | { readonly done: true }
  | { readonly done: false; readonly error: unknown; readonly dead?: boolean };

/** Handles a batch; answers one outcome per delivery, in order. A throw fails the whole batch. */
export type BatchHandler = (deliveries: readonly Delivery[]) => Promise<readonly Outcome[]>;

export interface Consumer {
  /** Stops taking messages and waits for the handlers that run. */
  stop(): Promise<void>;
}

/** A message that could not be handled, and why. */
export interface DeadLetter {
  /** Its place in the dead letters: the handle for replay and discard. */
  readonly sequence: number;
  readonly message: Message;
  /** Empty where there was none. */
  readonly consumer: string;
  readonly attempts: number;
  readonly error: string;
  /** As far as the process knew that gave it up; at the latest `lastFailedAt`. */
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
}

export interface DeadLetters {
  list(options?: {
    /** The original subject. */
    readonly subject?: string;
    readonly after?: number;
    /** Default 100. */
    readonly limit?: number;
  }): Promise<DeadLetter[]>;
  /** Publishes it anew, for the consumer that failed alone, and removes it. @throws 404 `messaging.unknown_dead_letter` */
  replay(sequence: number): Promise<void>;
  /** @throws 404 `messaging.unknown_dead_letter` */
  discard(sequence: number): Promise<void>;
}

/** Commands that no consumer takes: of a service that has never been here, or with a subject that nobody knows. */
export interface Unclaimed {
  /** Their subjects, and how many wait. */
  list(): Promise<readonly { readonly subject: string; readonly messages: number }[]>;
  /**
   * Puts those that were published before a time into the dead letters, oldest first.
   * @returns how many
   */
  bury(subject: string, reason: string, which: { readonly before: Date; readonly limit: number }): Promise<number>;
}

export interface TailOptions {
  /** Event subjects with NATS wildcards (`events.>`, `events.wine.*`). */
  readonly subjects: readonly string[];
  /** Resume behind this sequence; new messages only when left out. */
  readonly after?: number;
  readonly signal: AbortSignal;
}

/** A service on the list that `nats micro ls` prints. */
export interface ServiceAdvertisement {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/**
 * The message bus. At least once: a message whose `publish` resolved reaches every consumer, however processes and broker are
 * killed; with the inbox its effects happen once. NATS JetStream and the in-process bus are held to this by one suite of tests.
 */
export interface Bus {
  /**
   * Resolves when the broker has all of them, with a receipt each; on a throw it may have some. Publishing again with the same ids
   * is safe. Its disk has them after `syncIntervalMs`.
   * @throws 413 `messaging.too_large` before anything is sent; 503 `messaging.unavailable`, `messaging.full`
   */
  publish(messages: readonly Message[]): Promise<readonly Receipt[]>;
  /** Within this time what was acknowledged may be lost with the broker's machine; 0 when it is on disk at once. */
  readonly syncIntervalMs: number;
  /**
   * Whether the stream still has what it acknowledged: a broker whose machine lost its power may not.
   * @returns undefined when nobody can say, since the message was done with
   */
  stillHas(receipt: Receipt, id: string): Promise<boolean | undefined>;
  /** @throws 409 `messaging.command_taken` when a command already has a consumer of another name */
  consume(options: ConsumerOptions, handler: BatchHandler): Promise<Consumer>;
  /** Watches events without owning a place in it (live events). Slow readers are behind, never a burden to others. @throws 400 `messaging.not_watchable` */
  tail(options: TailOptions): AsyncIterable<Delivery>;
  readonly deadLetters: DeadLetters;
  readonly unclaimed: Unclaimed;
  advertise(service: ServiceAdvertisement): Promise<void>;
  /** Resolves when the bus can take messages, rejects with the reason otherwise. */
  check(): Promise<void>;
  /** Stops every consumer, waits for running handlers, sends what is buffered, closes. */
  close(): Promise<void>;
}
