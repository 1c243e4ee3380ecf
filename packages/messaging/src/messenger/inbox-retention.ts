import type { Kysely } from 'kysely';
import type { MessagingTables } from './tables.ts';

/** Longer than any stream keeps what it may deliver again (events: 7 days). */
export const inboxRetentionMs = 8 * 24 * 3_600_000;
const chunk = 1_000;

/** Forgets old messages, few at a time so that no lock is held for long. */
export const pruneInbox = async (query: Kysely<MessagingTables>, now: number, signal: AbortSignal): Promise<void> => {
  const limit = new Date(now - inboxRetentionMs).toISOString();
  while (!signal.aborted) {
    const old = query.selectFrom('inbox').select('received_at').where('received_at', '<', limit).orderBy('received_at');
    const [last] = await old
      .offset(chunk - 1)
      .limit(1)
      .execute();
    const until = last?.received_at ?? limit;
    await query.deleteFrom('inbox').where('received_at', '<=', until).where('received_at', '<', limit).execute();
    if (last === undefined) return;
  }
};
