import { ServiceError } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { Insertable, Transaction } from 'kysely';
import type { Message } from '../bus.ts';
import { maximumPayloadBytes, tooLarge } from '../limits.ts';
import { streamOf } from '../subjects.ts';
import { type MessagingTables, messagingTables, type OutboxTable } from './tables.ts';

type Row = Insertable<OutboxTable>;

export interface Outbox<Schema> {
  /** Writes a message in the caller's transaction. */
  add(transaction: Transaction<Schema>, message: Message): Promise<void>;
  /** Runs a transaction whose messages are written together, by one statement, before it commits. */
  transaction<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>;
}

const rowsPerInsert = 500;
const bytesPerInsert = 4 * 1024 * 1024;

const toRow = (message: Message): Row => {
  streamOf(message.subject);
  const payload = JSON.stringify(message.payload) ?? 'null';
  const bytes = Buffer.byteLength(payload);
  if (bytes > maximumPayloadBytes) throw tooLarge(message.subject, bytes, maximumPayloadBytes);
  const { id: message_id, subject, type, time, traceparent = null, reference = null } = message;
  return { message_id, subject, type, time, traceparent, reference, payload };
};

const insert = async <Schema extends MessagingTables>(transaction: Transaction<Schema>, rows: readonly Row[]) => {
  let chunk: Row[] = [];
  let bytes = 0;
  const write = async () => {
    if (chunk.length > 0) await messagingTables(transaction).insertInto('outbox').values(chunk).execute();
    chunk = [];
    bytes = 0;
  };
  for (const row of rows) {
    chunk.push(row);
    bytes += row.payload.length;
    if (chunk.length >= rowsPerInsert || bytes >= bytesPerInsert) await write();
  }
  await write();
};

export const createOutbox = <Schema extends MessagingTables>(database: Database<Schema>): Outbox<Schema> => {
  // The messages of transactions that are run here wait for their end; others are written at once.
  const waiting = new WeakMap<Transaction<Schema>, Row[]>();
  return {
    add: async (transaction, message) => {
      const row = toRow(message);
      if (!transaction.isTransaction) {
        throw new ServiceError(500, 'messaging.no_transaction', 'A message is sent within a transaction');
      }
      const rows = waiting.get(transaction);
      if (rows === undefined) await insert(transaction, [row]);
      else rows.push(row);
    },
    transaction: (work) =>
      database.transaction(async (transaction) => {
        const rows: Row[] = [];
        waiting.set(transaction, rows);
        const result = await work(transaction);
        waiting.delete(transaction);
        await insert(transaction, rows);
        return result;
      }),
  };
};
