import { createHash, randomUUID } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import { type Database, insertIgnore } from '@vindima/database';
import type { Transaction } from 'kysely';
import type { BatchHandler, Delivery, Outcome } from '../../bus.ts';
import { untilAvailable } from '../database-outage.ts';
import type { BatchMessageHandler } from '../handler.ts';
import type { Outbox } from '../outbox.ts';
import { type MessagingTables, messagingTables } from '../tables.ts';

export interface InboxOptions<Schema> {
  readonly database: Database<Schema>;
  readonly outbox: Outbox<Schema>;
  /** Whose inbox: a message that two consumers get is recorded for each. */
  readonly consumer: string;
  readonly handler: BatchMessageHandler<Schema>;
  readonly handled: (count: number) => void;
  readonly duplicate: (count: number) => void;
}

const believedLosses = 5;
/** Whoever sent it may not do what it says, however often it comes. */
const isRefusal = (error: unknown): boolean => error instanceof ServiceError && error.status === 403;
const isLoss = (error: unknown): boolean => error instanceof ServiceError && error.code === 'database.connection_lost';

/** Ids from elsewhere may be longer than the column, or differ in what a database calls equal. */
const inboxId = (id: string): string =>
  /^[\x21-\x7e]{1,128}$/.test(id) ? id : createHash('sha256').update(id).digest('hex');

/** @returns the messages that this consumer has not handled before, now recorded; waits for whoever handles one of them right now. */
const recordNew = async <Schema extends MessagingTables>(
  transaction: Transaction<Schema>,
  consumer: string,
  deliveries: readonly Delivery[],
): Promise<readonly Delivery[]> => {
  const batch = randomUUID();
  const received_at = new Date().toISOString();
  const firstById = new Map<string, Delivery>();
  for (const delivery of deliveries) {
    const id = inboxId(delivery.id);
    if (!firstById.has(id)) firstById.set(id, delivery);
  }
  // In the order of ids: two transactions with the same messages wait for each other instead of deadlocking.
  const rows = [...firstById.keys()].sort().map((message_id) => ({ message_id, consumer, batch, received_at }));
  const tables = messagingTables(transaction);
  const added = await insertIgnore(tables, 'inbox', rows);
  if (added === rows.length) return [...firstById.values()];
  if (added === 0) return [];
  const own = await tables
    .selectFrom('inbox')
    .select('message_id')
    .where('batch', '=', batch)
    .where(
      'message_id',
      'in',
      rows.map((row) => row.message_id),
    )
    .execute();
  const ids = new Set(own.map((row) => row.message_id));
  return [...firstById].filter(([id]) => ids.has(id)).map(([, delivery]) => delivery);
};

/**
 * Effects once: a message is recorded in the transaction of its effects, and what is recorded already is done. A batch is one
 * transaction; when that fails, each message has one of its own, so that a poison message fails alone.
 */
export const inbox = <Schema extends MessagingTables>(options: InboxOptions<Schema>): BatchHandler => {
  const { database, outbox, consumer, handler } = options;

  const handleTogether = async (deliveries: readonly Delivery[]): Promise<void> => {
    const count = await outbox.transaction(async (transaction) => {
      const fresh = await recordNew(transaction, consumer, deliveries);
      if (fresh.length > 0) await handler(fresh, transaction);
      return fresh.length;
    });
    options.handled(count);
    options.duplicate(deliveries.length - count);
  };

  /**
   * While the database is away nothing is the message's fault: wait, and begin again. A connection that broke may have been the
   * message's doing (a packet too large), so that is believed a few times only.
   */
  const attempt = async (deliveries: readonly Delivery[]): Promise<Outcome> => {
    const signal = deliveries[0]?.signal;
    for (let losses = 0; ; ) {
      try {
        await handleTogether(deliveries);
        return { done: true };
      } catch (error) {
        const wasAway = await untilAvailable(database, signal);
        if (isLoss(error)) losses += 1;
        const innocent = wasAway || (isLoss(error) && losses <= believedLosses);
        if (!innocent || signal?.aborted) return { done: false, error, dead: isRefusal(error) };
      }
    }
  };

  return async (deliveries) => {
    const together = await attempt(deliveries);
    if (together.done || deliveries.length === 1) return deliveries.map(() => together);
    const outcomes: Outcome[] = [];
    for (const delivery of deliveries) outcomes.push(await attempt([delivery]));
    return outcomes;
  };
};
