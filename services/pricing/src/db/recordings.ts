import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** One row: the place of the newest change. Whoever records holds this row until the commit, so places are given in the order of commits. */
export interface FeedTable {
  id: number;
  last_sequence: number;
  last_recorded_at: string;
}

/** A transaction that recorded changes: the places that it took, and when. Later places were recorded later. */
export interface RecordingTable {
  last_sequence: number;
  recorded_at: string;
}

/** A place in time: what was recorded up to it is known, what came later is not. */
export interface KnownAt {
  readonly sequence: number;
  /** When the last of it was recorded: the same `as_of` gives the same place for ever. */
  readonly recordedAt: string;
}

const epoch = '1970-01-01T00:00:00.000Z';
const onlyRow = 1;

/** Waits for its turn to record, and keeps others from it until the transaction ends. Call it before looking what is known. */
export const lockFeed = async (transaction: Transaction<Tables>): Promise<void> => {
  await transaction
    .updateTable('feed')
    .set((row) => ({ last_sequence: row.ref('last_sequence') }))
    .where('id', '=', onlyRow)
    .execute();
};

/**
 * Takes `count` places in the feed. They have no gaps, and no reader sees a later one before an earlier one: the feed is locked from
 * here to the commit, and a rollback gives them back.
 *
 * @returns the first place, and the time of recording, which is later than that of every earlier one whatever the clock says
 */
export const takePlaces = async (transaction: Transaction<Tables>, count: number, now: Date) => {
  await lockFeed(transaction);
  const { last_sequence: last, last_recorded_at: before } = await transaction
    .selectFrom('feed')
    .select(['last_sequence', 'last_recorded_at'])
    .where('id', '=', onlyRow)
    .executeTakeFirstOrThrow();
  const recordedAt = new Date(Math.max(now.getTime(), Date.parse(before) + 1)).toISOString();
  const sequence = last + count;
  await transaction
    .updateTable('feed')
    .set({ last_sequence: sequence, last_recorded_at: recordedAt })
    .where('id', '=', onlyRow)
    .execute();
  await transaction.insertInto('recordings').values({ last_sequence: sequence, recorded_at: recordedAt }).execute();
  return { first: last + 1, recordedAt };
};

/** @returns what was known at an instant; now when it is left out */
export const knownAt = async (query: Kysely<Tables>, asOf?: string): Promise<KnownAt> => {
  let recordings = query.selectFrom('recordings').selectAll();
  if (asOf !== undefined) recordings = recordings.where('recorded_at', '<=', new Date(asOf).toISOString());
  const newest = await recordings.orderBy('last_sequence', 'desc').limit(1).executeTakeFirst();
  return { sequence: newest?.last_sequence ?? 0, recordedAt: newest?.recorded_at ?? epoch };
};

/** @returns a function from a place to when it was recorded, for the places from `first` to `last` */
export const recordingTimes = async (query: Kysely<Tables>, first: number, last: number) => {
  const from = await query
    .selectFrom('recordings')
    .select((row) => row.fn.min('last_sequence').as('sequence'))
    .where('last_sequence', '>=', last)
    .executeTakeFirst();
  const recordings = await query
    .selectFrom('recordings')
    .selectAll()
    .where('last_sequence', '>=', first)
    .where('last_sequence', '<=', from?.sequence ?? last)
    .orderBy('last_sequence')
    .execute();
  return (sequence: number): string => {
    let [low, high] = [0, recordings.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((recordings[middle]?.last_sequence ?? 0) >= sequence) high = middle;
      else low = middle + 1;
    }
    return recordings[low]?.recorded_at ?? epoch;
  };
};
