import { deadLetterRetentionMs, duplicateWindowMs, eventRetentionMs } from '../limits.ts';
import type { InProcessContext } from './context.ts';

/** Forgets what has been kept long enough: events, dead letters, and the ids that duplicates are known by. */
export const prune = ({ storage }: InProcessContext, now: number): void => {
  storage.transaction(() => {
    storage
      .statement(`DELETE FROM messages WHERE subject >= 'events.' AND subject < 'events/' AND stored_at < ?`)
      .run(now - eventRetentionMs);
    storage.statement('DELETE FROM deliveries WHERE sequence NOT IN (SELECT sequence FROM messages)').run();
    storage.statement('DELETE FROM published WHERE at < ?').run(now - duplicateWindowMs);
    storage
      .statement('DELETE FROM dead_letters WHERE last_failed_at < ?')
      .run(new Date(now - deadLetterRetentionMs).toISOString());
  });
};
