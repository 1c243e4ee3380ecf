import type { ImageCorrection } from '@vindima/contracts';
import { insertIgnore } from '@vindima/database';
import type { Kysely, Transaction } from 'kysely';
import type { Finding } from '../tagging/tagger.ts';
import type { ImagesTables } from './tables.ts';

/** What people said of an image's tags, by tag. */
export const findCorrections = async (query: Kysely<ImagesTables>, id: number): Promise<ImageCorrection[]> => {
  const rows = await query
    .selectFrom('corrections')
    .select(['tag', 'is_right', 'by_whom', 'at'])
    .where('picture_id', '=', id)
    .orderBy('tag')
    .execute();
  return rows.map(({ tag, is_right, by_whom, at }) => ({ tag, is_right: is_right === 1, by: by_whom, at }));
};

/** Findings as people corrected them: what is wrong is left out, what is right is certain. */
export const correctFindings = (findings: readonly Finding[], corrections: readonly ImageCorrection[]): Finding[] => {
  const corrected = new Set(corrections.map(({ tag }) => tag));
  const right = corrections.filter(({ is_right }) => is_right).map(({ tag }) => ({ tag, confidence: 100 }));
  return [...right, ...findings.filter(({ tag }) => !corrected.has(tag))];
};

/** Records a correction, and gives or takes the tag. The latest word on a tag counts. */
export const correctTag = async (
  transaction: Transaction<ImagesTables>,
  image: { readonly id: number; readonly date: string },
  { tag, is_right, by, at }: ImageCorrection,
): Promise<void> => {
  for (const table of ['corrections', 'tags'] as const) {
    await transaction.deleteFrom(table).where('picture_id', '=', image.id).where('tag', '=', tag).execute();
  }
  await transaction
    .insertInto('corrections')
    .values({ picture_id: image.id, tag, is_right: is_right ? 1 : 0, by_whom: by.slice(0, 200), at })
    .execute();
  if (!is_right) return;
  await insertIgnore(transaction, 'vocabulary', [{ tag }]);
  await transaction
    .insertInto('tags')
    .values({ tag, picture_id: image.id, confidence: 100, date: image.date })
    .execute();
};

/** Ids of images with corrections, in order. */
export const listCorrected = async (query: Kysely<ImagesTables>, after: number, limit: number): Promise<number[]> => {
  const rows = await query
    .selectFrom('corrections')
    .select('picture_id')
    .distinct()
    .where('picture_id', '>', after)
    .orderBy('picture_id')
    .limit(limit)
    .execute();
  return rows.map(({ picture_id }) => picture_id);
};
