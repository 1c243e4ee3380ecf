import type { Transaction } from 'kysely';
import type { Delivery } from '../bus.ts';

export interface HandlerContext<Schema> {
  readonly message: Delivery;
  /** Effects written here happen exactly once: the message is recorded in the same transaction. */
  readonly transaction: Transaction<Schema>;
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
  /** 1 for the first delivery. */
  readonly attempt: number;
}

/**
 * Handles one message. A throw rolls its effects back and the message comes again later. Several messages share a transaction where
 * `batch` allows it, and when one throws they are handled again one by one: effects outside the transaction may be repeated.
 */
export type MessageHandler<Schema, Payload = unknown> = (
  payload: Payload,
  context: HandlerContext<Schema>,
) => Promise<void>;

/**
 * Handles several messages at once, in order, for handlers that write many rows with one statement. When it throws, it is called
 * again with one message at a time, so that one alone fails.
 */
export type BatchMessageHandler<Schema, Payload = unknown> = (
  messages: readonly (Delivery & { readonly payload: Payload })[],
  transaction: Transaction<Schema>,
) => Promise<void>;

/** Wraps a handler with one concern. */
export type Middleware = <Schema>(next: MessageHandler<Schema>) => MessageHandler<Schema>;
