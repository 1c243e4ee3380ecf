import type { Unclaimed } from '../bus.ts';
import type { InProcessContext } from './context.ts';
import { bury } from './dead-letters.ts';
import { toMessage } from './rows.ts';

/** Looks at the commands that no consumer takes: those of a release that knew more of them, for example. */
export const createUnclaimed = (context: InProcessContext): Unclaimed => {
  const { storage } = context;
  return {
    list: async () =>
      storage
        .statement(
          `SELECT subject, count(*) AS messages FROM messages WHERE subject >= 'commands.' AND subject < 'commands/'
           AND subject NOT IN (SELECT subject FROM consumers) GROUP BY subject`,
        )
        .all()
        .map(({ subject, messages }) => ({ subject: String(subject), messages: Number(messages) })),
    bury: async (subject, reason, { before, limit }) =>
      storage.transaction(() => {
        const rows = storage
          .statement('SELECT * FROM messages WHERE subject = ? AND stored_at < ? ORDER BY sequence LIMIT ?')
          .all(subject, before.getTime(), limit);
        const at = new Date().toISOString();
        for (const row of rows) {
          const why = { consumer: '', attempts: 0, error: reason, firstFailedAt: at, lastFailedAt: at };
          bury(context, toMessage(row), why);
          storage.statement('DELETE FROM messages WHERE sequence = ?').run(Number(row.sequence));
        }
        return rows.length;
      }),
  };
};
