import type { Kysely } from 'kysely';
import type { ImagesTables } from './tables.ts';

export interface AwaitedTagger {
  readonly picture_id: number;
  readonly tagger: string;
  readonly minimum_confidence: number;
}

/** After so many, a tagger that refuses a picture will not take it. */
const mostAttempts = 50;

/** Marks an image as one that these taggers have still to look at. */
export const awaitTaggers = async (
  query: Kysely<ImagesTables>,
  id: number,
  taggers: readonly string[],
  minimumConfidence: number,
): Promise<void> => {
  if (taggers.length === 0) return;
  const rows = taggers.map((tagger) => ({
    picture_id: id,
    tagger,
    minimum_confidence: minimumConfidence,
    attempts: 0,
  }));
  await query.insertInto('awaited_taggers').values(rows).execute();
};

/** The taggers that an image waits for. */
export const findAwaited = async (query: Kysely<ImagesTables>, id: number): Promise<string[]> => {
  const rows = await query
    .selectFrom('awaited_taggers')
    .select('tagger')
    .where('picture_id', '=', id)
    .orderBy('tagger')
    .execute();
  return rows.map(({ tagger }) => tagger);
};

/** Images that wait for taggers, those that were asked least often first. */
export const listAwaited = (query: Kysely<ImagesTables>, limit: number): Promise<AwaitedTagger[]> =>
  query
    .selectFrom('awaited_taggers')
    .select(['picture_id', 'tagger', 'minimum_confidence'])
    .where('attempts', '<', mostAttempts)
    .orderBy('attempts')
    .orderBy('picture_id')
    .limit(limit)
    .execute();

const rowOf = (query: Kysely<ImagesTables>, { picture_id, tagger }: AwaitedTagger) =>
  query
    .updateTable('awaited_taggers')
    .set(({ eb }) => ({ attempts: eb('attempts', '+', 1) }))
    .where('picture_id', '=', picture_id)
    .where('tagger', '=', tagger);

export const countAttempt = async (query: Kysely<ImagesTables>, awaited: AwaitedTagger): Promise<void> => {
  await rowOf(query, awaited).execute();
};

/** The image waits no more. @returns false when another process was faster, or the image is gone */
export const endAwaiting = async (
  query: Kysely<ImagesTables>,
  { picture_id, tagger }: AwaitedTagger,
): Promise<boolean> => {
  const { numDeletedRows } = await query
    .deleteFrom('awaited_taggers')
    .where('picture_id', '=', picture_id)
    .where('tagger', '=', tagger)
    .executeTakeFirst();
  return numDeletedRows > 0n;
};
