import type { Message } from '../bus.ts';
import { streamOf } from '../subjects.ts';
import type { InProcessContext } from './context.ts';
import { type Row, toMessage } from './rows.ts';

/** A message that a consumer took, with what is known of earlier attempts. */
export interface Taken {
  readonly sequence: number;
  readonly attempt: number;
  readonly firstFailedAt: string | null;
  readonly message: Message;
}

export interface DeliveryTable {
  /** Takes up to `count` messages: first those that are due again, then new ones. */
  take(count: number): Taken[];
  /** When the next failed message is due, Unix milliseconds. */
  nextDue(): number | undefined;
  done(sequence: number): void;
  later(taken: Taken, delayMs: number, firstFailedAt: string): void;
}

const toTaken = (row: Row): Taken => ({
  sequence: Number(row.sequence),
  attempt: Number(row.attempt),
  firstFailedAt: row.first_failed_at === null ? null : String(row.first_failed_at),
  message: toMessage(row),
});

/** What one durable consumer of one subject has read and not finished; all of it in the file. */
export const createDeliveryTable = (
  { storage }: InProcessContext,
  consumer: { readonly id: number; readonly name: string; readonly subject: string },
): DeliveryTable => {
  const { id, name, subject } = consumer;
  const isCommand = streamOf(subject) === 'commands';

  const takeDue = (count: number): Taken[] => {
    const rows = storage
      .statement(
        `SELECT m.*, d.attempt + 1 AS attempt, d.first_failed_at FROM deliveries d JOIN messages m USING (sequence)
         WHERE d.consumer = ? AND d.due_at <= ? ORDER BY d.due_at, d.sequence LIMIT ?`,
      )
      .all(id, Date.now(), count);
    const claim = 'UPDATE deliveries SET due_at = NULL, attempt = ? WHERE consumer = ? AND sequence = ?';
    const taken = rows.map(toTaken);
    for (const { attempt, sequence } of taken) storage.statement(claim).run(attempt, id, sequence);
    return taken;
  };

  const takeNew = (count: number): Taken[] => {
    const rows = storage
      .statement(
        `SELECT *, 1 AS attempt, NULL AS first_failed_at FROM messages
         WHERE subject = ? AND sequence > (SELECT position FROM consumers WHERE id = ?) AND (target IS NULL OR target = ?)
         ORDER BY sequence LIMIT ?`,
      )
      .all(subject, id, name, count);
    const taken = rows.map(toTaken);
    const claim = 'INSERT INTO deliveries (consumer, sequence, attempt) VALUES (?, ?, 1)';
    for (const { sequence } of taken) storage.statement(claim).run(id, sequence);
    const last = taken.at(-1);
    if (last !== undefined) storage.statement('UPDATE consumers SET position = ? WHERE id = ?').run(last.sequence, id);
    return taken;
  };

  return {
    take: (count) =>
      storage.transaction(() => {
        const due = takeDue(count);
        return due.length < count ? [...due, ...takeNew(count - due.length)] : due;
      }),
    nextDue: () => {
      const sql = 'SELECT min(due_at) AS due FROM deliveries WHERE consumer = ? AND due_at IS NOT NULL';
      const due = storage.statement(sql).get(id)?.due;
      return typeof due === 'number' ? due : undefined;
    },
    done: (sequence) => {
      storage.statement('DELETE FROM deliveries WHERE consumer = ? AND sequence = ?').run(id, sequence);
      if (isCommand) storage.statement('DELETE FROM messages WHERE sequence = ?').run(sequence);
    },
    later: ({ sequence }, delayMs, firstFailedAt) => {
      const sql = 'UPDATE deliveries SET due_at = ?, first_failed_at = ? WHERE consumer = ? AND sequence = ?';
      storage.statement(sql).run(Date.now() + delayMs, firstFailedAt, id, sequence);
    },
  };
};
