import type { ImageMetadata } from '@vindima/contracts';
import type { Kysely } from 'kysely';
import type { ImagesTables } from './tables.ts';

/** Records what a file says. */
export const insertMetadata = async (
  query: Kysely<ImagesTables>,
  id: number,
  { keywords, ...metadata }: ImageMetadata,
): Promise<void> => {
  const row = { picture_id: id, ...metadata, keywords: JSON.stringify(keywords) };
  await query.insertInto('picture_metadata').values(row).execute();
};

/** @returns null for an image that came before files were read */
export const findMetadata = async (query: Kysely<ImagesTables>, id: number): Promise<ImageMetadata | null> => {
  const row = await query.selectFrom('picture_metadata').selectAll().where('picture_id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const { picture_id: _, keywords, ...metadata } = row;
  return { ...metadata, keywords: JSON.parse(keywords) as string[] };
};
