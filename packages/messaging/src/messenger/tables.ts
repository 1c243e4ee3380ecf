import { autoIncrement, columnTypes, type Migrations } from '@vindima/database';
import type { Generated, Kysely } from 'kysely';

/** Messages written with the state they tell of, until the relay has published them and the broker's disk has them. */
export interface OutboxTable {
  sequence: Generated<number>;
  message_id: string;
  subject: string;
  type: string;
  time: string;
  traceparent: string | null;
  reference: string | null;
  /** JSON */
  payload: string;
  /** When the broker acknowledged it; null while it waits. */
  sent_at: string | null;
}

/** The latest place in each stream that the broker has acknowledged, and the message that should be there. */
export interface OutboxReceiptsTable {
  stream: 'commands' | 'events';
  incarnation: string;
  sequence: number;
  message_id: string;
}

/** The messages whose effects are in this database. */
export interface InboxTable {
  message_id: string;
  /** `<consumer>:<subject>` */
  consumer: string;
  /** What was handled in one transaction: tells the rows of this attempt from those that were there. */
  batch: string;
  received_at: string;
}

/** One row: whoever has it locked is the one relay. */
export interface OutboxRelayTable {
  id: number;
}

/** The tables that a service's database has for its messages; part of the service's own schema. */
export interface MessagingTables {
  outbox: OutboxTable;
  outbox_relay: OutboxRelayTable;
  outbox_receipts: OutboxReceiptsTable;
  inbox: InboxTable;
}

/** To be merged into the migrations of every service that sends or hears messages. */
export const messagingMigrations: Migrations = {
  '2026-11-21T10:00_messaging': {
    up: async (query: Kysely<unknown>) => {
      const type = columnTypes(query);
      await query.schema
        .createTable('outbox')
        .addColumn('sequence', type.id, autoIncrement)
        .addColumn('message_id', type.key(128), (column) => column.notNull())
        .addColumn('subject', type.key(200), (column) => column.notNull())
        .addColumn('type', type.key(200), (column) => column.notNull())
        .addColumn('time', type.timestamp, (column) => column.notNull())
        .addColumn('traceparent', type.key(55))
        .addColumn('payload', type.json, (column) => column.notNull())
        .execute();
      await query.schema
        .createTable('inbox')
        .addColumn('message_id', type.key(128), (column) => column.notNull())
        .addColumn('consumer', type.key(265), (column) => column.notNull())
        .addColumn('batch', type.key(36), (column) => column.notNull())
        .addColumn('received_at', type.timestamp, (column) => column.notNull())
        .addPrimaryKeyConstraint('inbox_primary', ['message_id', 'consumer'])
        .execute();
      await query.schema.createIndex('inbox_received_at').on('inbox').column('received_at').execute();
      await query.schema
        .createTable('outbox_relay')
        .addColumn('id', type.integer, (c) => c.primaryKey())
        .execute();
      await (query as Kysely<MessagingTables>).insertInto('outbox_relay').values({ id: 1 }).execute();
    },
  },
  '2026-11-28T14:40_sent-messages': {
    up: async (query: Kysely<unknown>) => {
      const type = columnTypes(query);
      await query.schema.alterTable('outbox').addColumn('reference', type.key(200)).execute();
      await query.schema.alterTable('outbox').addColumn('sent_at', type.timestamp).execute();
      await query.schema.createIndex('outbox_sent_at').on('outbox').columns(['sent_at', 'sequence']).execute();
      await query.schema
        .createTable('outbox_receipts')
        .addColumn('stream', type.key(16), (column) => column.primaryKey())
        .addColumn('incarnation', type.key(200), (column) => column.notNull())
        .addColumn('sequence', type.integer, (column) => column.notNull())
        .addColumn('message_id', type.key(128), (column) => column.notNull())
        .execute();
    },
  },
};

/**
 * The messaging tables of a service's database. Kysely does not see through a type parameter that a schema which extends these
 * tables has them; this is the one place where it is told.
 */
export const messagingTables = <Schema extends MessagingTables>(query: Kysely<Schema>): Kysely<MessagingTables> =>
  query as unknown as Kysely<MessagingTables>;
