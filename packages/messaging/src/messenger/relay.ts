import type { Database } from '@vindima/database';
import type { Kysely, Selectable } from 'kysely';
import type { Bus, Message } from '../bus.ts';
import { delay } from '../delay.ts';
import { errorText } from '../error-text.ts';
import { createGate } from '../gate.ts';
import type { Logger } from '../logger.ts';
import { createSentRows } from './sent-rows.ts';
import { type MessagingTables, messagingTables, type OutboxTable } from './tables.ts';

export interface RelayOptions<Schema> {
  readonly database: Database<Schema>;
  readonly bus: Bus;
  readonly service: string;
  readonly logger: Logger;
  /** Told how many messages were published. */
  readonly published: (count: number) => void;
}

export interface Relay {
  /** Something was committed: look now. */
  wake(): void;
  /** Something will be committed soon, nobody says when: look more often for a moment. */
  expect(): void;
  /** Publishes what is there and ends. */
  stop(): Promise<void>;
}

const pollMs = 1_000;
const soonMs = [10, 40, 160];
const otherRelayMs = 25;
const longestPauseMs = 5_000;
const rowsPerBatch = 500;
const bytesPerBatch = 8 * 1024 * 1024;

/**
 * Publishes the outbox in the order of its rows and notes what is sent; it is deleted when the broker's disk has it. Between the two it
 * may be killed: then it publishes again with the same ids, which broker and inbox know. Of several replicas one relays at a time, the
 * one that holds the lock; a lock of the database is gone with its holder.
 */
export const startRelay = <Schema extends MessagingTables>(options: RelayOptions<Schema>): Relay => {
  const { database, bus, service, logger } = options;
  const tables = messagingTables(database.query);
  const stopping = new AbortController();
  const gate = createGate();
  const sent = createSentRows({ bus, service, logger });
  // The first batch is small: how large rows are is not known yet.
  let limit = 50;

  const toMessage = (row: Selectable<OutboxTable>): Message => ({
    id: row.message_id,
    subject: row.subject,
    type: row.type,
    source: `vindima/${service}`,
    time: row.time,
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
    ...(row.reference === null ? {} : { reference: row.reference }),
    payload: JSON.parse(row.payload),
  });

  const relayBatch = async (query: Kysely<MessagingTables>): Promise<boolean> => {
    const waiting = query.selectFrom('outbox').selectAll().where('sent_at', 'is', null);
    const rows = await waiting.orderBy('sequence').limit(limit).execute();
    if (rows.length === 0) return false;
    await sent.record(query, rows, await bus.publish(rows.map(toMessage)));
    options.published(rows.length);
    const more = rows.length === limit;
    const bytes = rows.reduce((sum, row) => sum + row.payload.length, 0) / rows.length;
    limit = Math.max(1, Math.min(rowsPerBatch, 2 * limit, Math.floor(bytesPerBatch / Math.max(1, bytes))));
    return more;
  };

  const tidyAndRelay = async (query: Kysely<MessagingTables>, tidying: boolean): Promise<boolean> => {
    const more = tidying && (await sent.tidy(query));
    return (await relayBatch(query)) || more;
  };

  /** Without the transaction where nobody said that there is something. @returns whether there is more; undefined when another replica relays. */
  const relayOnce = async (expected: boolean): Promise<boolean | undefined> => {
    // A SQLite file has one process, and a transaction that waits for the bus would keep all others from writing. Rows that come back
    // after a power cut are published again with the same ids.
    const tidying = sent.untilTidying() === 0;
    if (database.dialect === 'sqlite') return await tidyAndRelay(messagingTables(database.lazy), tidying);
    if (!expected && !tidying) {
      const unsent = tables.selectFrom('outbox').select('sequence').where('sent_at', 'is', null);
      const waiting = await unsent.limit(1).execute();
      if (waiting.length === 0) return false;
    }
    return await database.transaction(async (transaction) => {
      const query = messagingTables(transaction);
      const lock = await query.selectFrom('outbox_relay').select('id').forUpdate().skipLocked().execute();
      return lock.length === 0 ? undefined : await tidyAndRelay(query, tidying);
    });
  };

  /** @returns whether somebody woke us before the time was over */
  const rest = async (ms: number): Promise<boolean> => {
    let woken = true;
    const timer = setTimeout(() => {
      woken = false;
      gate.open();
    }, ms);
    await gate.wait();
    clearTimeout(timer);
    return woken;
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    let expected = false;
    for (;;) {
      const last = stopping.signal.aborted;
      try {
        const more = await relayOnce(expected);
        if (failures > 0) logger.info({ service }, 'the outbox is being published again');
        failures = 0;
        if (more === true) continue;
        if (last) return;
        expected = await rest(more === undefined ? otherRelayMs : Math.min(pollMs, Math.max(1, sent.untilTidying())));
      } catch (error) {
        failures += 1;
        if (failures === 1) logger.warn({ service, error: errorText(error) }, 'the outbox cannot be published for now');
        if (last) return;
        await delay(Math.min(longestPauseMs, 50 * 2 ** Math.min(failures, 10)), stopping.signal);
      }
    }
  };

  const running = run();
  const timers = new Set<NodeJS.Timeout>();
  return {
    wake: gate.open,
    expect: () => {
      if (timers.size > 0) return;
      for (const ms of soonMs) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          gate.open();
        }, ms);
        timers.add(timer);
      }
    },
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      stopping.abort();
      gate.open();
      await running;
    },
  };
};
