import type { Delivery, TailOptions } from '../bus.ts';
import { createGate } from '../gate.ts';
import { checkWatchable, subjectMatches } from '../subjects.ts';
import type { InProcessContext } from './context.ts';
import { toMessage } from './rows.ts';

const page = 100;

async function* follow(context: InProcessContext, options: TailOptions, start: number): AsyncGenerator<Delivery> {
  const { storage } = context;
  const signal = AbortSignal.any([options.signal, context.closing]);
  const gate = createGate();
  const wake = () => gate.open();
  context.listeners.add(wake);
  signal.addEventListener('abort', wake, { once: true });
  const read = `SELECT * FROM messages WHERE sequence > ? AND subject >= 'events.' AND subject < 'events/' AND target IS NULL
                ORDER BY sequence LIMIT ?`;
  let position = start;
  try {
    while (!signal.aborted) {
      const rows = storage.statement(read).all(position, page);
      if (rows.length === 0) await gate.wait();
      for (const row of rows) {
        if (signal.aborted) return;
        position = Number(row.sequence);
        const message = toMessage(row);
        if (!options.subjects.some((pattern) => subjectMatches(pattern, message.subject))) continue;
        yield { ...message, sequence: position, attempt: 1, signal };
      }
    }
  } finally {
    context.listeners.delete(wake);
    signal.removeEventListener('abort', wake);
  }
}

/** Watches events in order; the place to begin is settled at the call. */
export const tail = (context: InProcessContext, options: TailOptions): AsyncIterable<Delivery> => {
  checkWatchable(options.subjects);
  const last = context.storage.statement(`SELECT seq FROM sqlite_sequence WHERE name = 'messages'`).get()?.seq ?? 0;
  return follow(context, options, Math.min(options.after ?? Number(last), Number(last)));
};
