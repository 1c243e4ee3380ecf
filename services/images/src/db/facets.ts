import type { ImageFacets } from '@vindima/contracts';
import { type Kysely, sql } from 'kysely';
import type { ImagesTables } from './tables.ts';

/** Of each kind. */
const most = 100;

/** What images can be told apart by, the most frequent first; years newest first. */
export const findFacets = async (query: Kysely<ImagesTables>): Promise<ImageFacets> => {
  const count = sql<number>`count(*)`.as('n_images');
  const tags = await query
    .selectFrom('tags')
    .select(['tag', count])
    .groupBy('tag')
    .orderBy('n_images', 'desc')
    .orderBy('tag')
    .limit(most)
    .execute();
  const years = await query
    .selectFrom('pictures')
    .leftJoin('picture_metadata as said', 'said.picture_id', 'pictures.id')
    .select([sql<string>`substr(coalesce(said.taken_at, pictures.date), 1, 4)`.as('year'), count])
    .groupBy('year')
    .orderBy('year', 'desc')
    .limit(most)
    .execute();
  const cameras = await query
    .selectFrom('picture_metadata')
    .select(['camera', count])
    .where('camera', 'is not', null)
    .groupBy('camera')
    .orderBy('n_images', 'desc')
    .orderBy('camera')
    .limit(most)
    .execute();
  return {
    tags: tags.map(({ tag, n_images }) => ({ tag, n_images: Number(n_images) })),
    years: years.map(({ year, n_images }) => ({ year: Number(year), n_images: Number(n_images) })),
    cameras: cameras.map(({ camera, n_images }) => ({ camera: camera ?? '', n_images: Number(n_images) })),
  };
};
