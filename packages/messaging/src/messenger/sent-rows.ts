import type { Kysely, Selectable } from 'kysely';
import type { Bus, Receipt } from '../bus.ts';
import { errorText } from '../error-text.ts';
import type { Logger } from '../logger.ts';
import type { MessagingTables, OutboxReceiptsTable, OutboxTable } from './tables.ts';

type Queries = Kysely<MessagingTables>;
type Row = Pick<Selectable<OutboxTable>, 'sequence' | 'message_id'>;
type Known = Selectable<OutboxReceiptsTable>;
/** A row, and where the broker says that its message is. */
type Acknowledged = Receipt & { readonly row: Row };

export interface SentRowsOptions {
  readonly bus: Pick<Bus, 'stillHas' | 'syncIntervalMs'>;
  readonly service: string;
  readonly logger: Logger;
}

/** The rows of the outbox that the broker has acknowledged, until its disk has them. */
export interface SentRows {
  /** Notes what was published. What the broker may have lost meanwhile waits again. */
  record(query: Queries, rows: readonly Row[], receipts: readonly Receipt[]): Promise<void>;
  /** Lets what was lost wait again, and deletes some of what is on disk. @returns whether there is more to do at once */
  tidy(query: Queries): Promise<boolean>;
  /** Milliseconds until `tidy` is worth its while. */
  untilTidying(): number;
}

const longestPauseMs = 15_000;
const shortestPauseMs = 50;
const rowsPerDelete = 1_000;
/** A sync takes time too, and begins when the one before has ended. */
const allowance = 1.25;

/**
 * A broker acknowledges before its disk has a message. Until it must have synced, the row stays; and should the end of the stream
 * have gone back, because the machine lost its power or the stream was made anew, the rows are sent again. What was cut off is the
 * end, so the latest message of a stream vouches for those before it. Who has had one already knows its id.
 */
export const createSentRows = ({ bus, service, logger }: SentRowsOptions): SentRows => {
  const keptMs = bus.syncIntervalMs * allowance;
  const pauseMs = keptMs === 0 ? longestPauseMs : Math.min(longestPauseMs, Math.max(shortestPauseMs, keptMs / 4));
  // At the start the broker may be back from a power cut: it is asked first.
  let checkedAt = 0;
  let nextCheckAt = 0;
  let moreToDelete = false;

  const holds = async ({ stream, incarnation, sequence, message_id }: Known): Promise<boolean> =>
    (await bus.stillHas({ stream, incarnation, sequence }, message_id)) === true;

  const sendAgain = async (query: Queries, stream: Known['stream']): Promise<boolean> => {
    const again = query.updateTable('outbox').set({ sent_at: null }).where('sent_at', 'is not', null);
    const [result] = await again.where('subject', 'like', `${stream}.%`).execute();
    // Last: whoever is killed before it finds out again.
    await query.deleteFrom('outbox_receipts').where('stream', '=', stream).execute();
    const messages = Number(result?.numUpdatedRows ?? 0n);
    if (messages > 0) {
      logger.warn({ service, stream, messages }, 'the message broker may have lost its latest messages: sent again');
    }
    return messages > 0;
  };

  /** @returns the rows that count as sent: those that the latest broker has acknowledged; the others are published again */
  const recordStream = async (query: Queries, known: Known | undefined, part: readonly Acknowledged[]) => {
    const accepted = part.filter(({ incarnation }) => incarnation === part.at(-1)?.incarnation);
    const [first, ...others] = accepted;
    if (first === undefined) return [];
    const newest = others.reduce((a, b) => (b.sequence >= a.sequence ? b : a), first);
    const { stream, incarnation, sequence } = newest;
    const follows = known === undefined || (known.incarnation === incarnation && known.sequence < sequence);
    // Who cannot ask sends again: that is always safe.
    const held = follows || (await holds(known).catch(() => false));
    if (!held) await sendAgain(query, stream);
    const place = { stream, incarnation, sequence, message_id: newest.row.message_id };
    if (known === undefined || !held) {
      if (sequence > 0) await query.insertInto('outbox_receipts').values(place).execute();
    } else if (sequence >= known.sequence) {
      await query.updateTable('outbox_receipts').set(place).where('stream', '=', stream).execute();
    }
    return accepted.map(({ row }) => row.sequence);
  };

  const check = async (query: Queries): Promise<boolean> => {
    const begun = Date.now();
    let again = false;
    for (const known of await query.selectFrom('outbox_receipts').selectAll().execute()) {
      if (!(await holds(known))) again = (await sendAgain(query, known.stream)) || again;
    }
    checkedAt = begun;
    return again;
  };

  const checkInTurn = async (query: Queries): Promise<boolean> => {
    if (Date.now() < nextCheckAt) return false;
    nextCheckAt = Date.now() + pauseMs;
    try {
      return await check(query);
    } catch (error) {
      // Nothing is deleted meanwhile.
      logger.debug({ service, error: errorText(error) }, 'the message broker does not say what it still has');
      return false;
    }
  };

  /** What was there at the latest check, so long after it was sent, is on disk. @returns whether there is more */
  const deleteStored = async (query: Queries): Promise<boolean> => {
    const until = new Date(checkedAt - keptMs).toISOString();
    const old = query.selectFrom('outbox').select('sequence').where('sent_at', '<', until);
    const rows = await old.orderBy('sent_at').limit(rowsPerDelete).execute();
    const sequences = rows.map(({ sequence }) => sequence);
    if (rows.length > 0) await query.deleteFrom('outbox').where('sequence', 'in', sequences).execute();
    return rows.length === rowsPerDelete;
  };

  return {
    untilTidying: () => (moreToDelete ? 0 : Math.max(0, nextCheckAt - Date.now())),
    record: async (query, rows, receipts) => {
      if (keptMs === 0) {
        const sequences = rows.map(({ sequence }) => sequence);
        await query.deleteFrom('outbox').where('sequence', 'in', sequences).execute();
        return;
      }
      const acknowledged = rows.flatMap((row, index): Acknowledged[] => {
        const receipt = receipts[index];
        return receipt === undefined ? [] : [{ ...receipt, row }];
      });
      const known = await query.selectFrom('outbox_receipts').selectAll().execute();
      const sent: number[] = [];
      for (const stream of ['commands', 'events'] as const) {
        const before = known.find((entry) => entry.stream === stream);
        const part = acknowledged.filter((entry) => entry.stream === stream);
        sent.push(...(await recordStream(query, before, part)));
      }
      const sent_at = new Date().toISOString();
      await query.updateTable('outbox').set({ sent_at }).where('sequence', 'in', sent).execute();
    },
    tidy: async (query) => {
      const kept = query.selectFrom('outbox').select('sequence').where('sent_at', 'is not', null);
      const [one] = await kept.limit(1).execute();
      if (one === undefined) {
        nextCheckAt = Date.now() + pauseMs;
        moreToDelete = false;
        return false;
      }
      const again = await checkInTurn(query);
      moreToDelete = await deleteStored(query);
      return again || moreToDelete;
    },
  };
};
