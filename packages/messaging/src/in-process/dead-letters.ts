import { ServiceError } from '@vindima/contracts';
import type { DeadLetter, DeadLetters, Message } from '../bus.ts';
import { announce, type InProcessContext } from './context.ts';
import { store } from './publish.ts';
import { type Row, toMessage } from './rows.ts';

/** Puts a message into the dead letters, within the transaction that ends its delivery. */
export const bury = (
  { storage }: InProcessContext,
  message: Message,
  why: Omit<DeadLetter, 'sequence' | 'message'>,
): void => {
  storage
    .statement(
      `INSERT INTO dead_letters (subject, id, type, source, time, traceparent, reference, payload, consumer, attempts, error,
       first_failed_at, last_failed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      message.subject,
      message.id,
      message.type,
      message.source,
      message.time,
      message.traceparent ?? null,
      message.reference ?? null,
      JSON.stringify(message.payload) ?? 'null',
      why.consumer,
      why.attempts,
      why.error,
      why.firstFailedAt,
      why.lastFailedAt,
    );
};

const toDeadLetter = (row: Row): DeadLetter => ({
  sequence: Number(row.sequence),
  message: toMessage(row),
  consumer: String(row.consumer),
  attempts: Number(row.attempts),
  error: String(row.error),
  firstFailedAt: String(row.first_failed_at),
  lastFailedAt: String(row.last_failed_at),
});

/** Lists, replays and discards the rows of `dead_letters`. */
export const createDeadLetters = (context: InProcessContext): DeadLetters => {
  const { storage } = context;

  const remove = (sequence: number): Row => {
    const known = Number.isSafeInteger(sequence)
      ? storage.statement('DELETE FROM dead_letters WHERE sequence = ? RETURNING *').get(sequence)
      : undefined;
    if (known !== undefined) return known;
    throw new ServiceError(404, 'messaging.unknown_dead_letter', `There is no dead letter ${sequence}`);
  };

  return {
    list: async ({ subject, after = 0, limit = 100 } = {}) =>
      storage
        .statement(
          `SELECT * FROM dead_letters WHERE sequence > ?1 AND (?2 IS NULL OR subject = ?2) ORDER BY sequence LIMIT ?3`,
        )
        .all(after, subject ?? null, limit)
        .map(toDeadLetter),
    replay: async (sequence) => {
      const message = storage.transaction(() => {
        const letter = toDeadLetter(remove(sequence));
        store(context, letter.message, JSON.stringify(letter.message.payload) ?? 'null', letter.consumer || null);
        return letter.message;
      });
      announce(context, new Set([message.subject]));
    },
    discard: async (sequence) => {
      remove(sequence);
    },
  };
};
