import type { Album } from '@vindima/contracts';
import { insertIgnore } from '@vindima/database';
import type { Kysely, Transaction } from 'kysely';
import type { ImagesTables } from './tables.ts';

/** All albums, by name. */
export const listAlbums = async (query: Kysely<ImagesTables>): Promise<Album[]> => {
  const rows = await query
    .selectFrom('albums')
    .leftJoin('album_pictures as held', 'held.album_id', 'albums.id')
    .select(({ fn }) => [
      'albums.id',
      'albums.name',
      fn.count<number>('held.picture_id').as('n_images'),
      fn.min('held.picture_id').as('cover'),
    ])
    .groupBy(['albums.id', 'albums.name'])
    .orderBy('albums.name')
    .execute();
  return rows.map(({ id, name, n_images, cover }) => ({
    id,
    name,
    n_images: Number(n_images),
    cover: cover === null ? null : Number(cover),
  }));
};

/** @throws the database's unique violation when there is one of this name */
export const insertAlbum = async (query: Kysely<ImagesTables>, name: string): Promise<number> => {
  const { insertId } = await query.insertInto('albums').values({ name }).executeTakeFirstOrThrow();
  return Number(insertId);
};

export const isAlbum = async (query: Kysely<ImagesTables>, id: number): Promise<boolean> =>
  (await query.selectFrom('albums').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;

/** Its images stay. @returns false when there is no such album */
export const deleteAlbum = async (transaction: Transaction<ImagesTables>, id: number): Promise<boolean> => {
  await transaction.deleteFrom('album_pictures').where('album_id', '=', id).execute();
  const { numDeletedRows } = await transaction.deleteFrom('albums').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
};

export const putInAlbum = async (query: Kysely<ImagesTables>, album: number, id: number): Promise<void> => {
  await insertIgnore(query, 'album_pictures', [{ album_id: album, picture_id: id }]);
};

export const takeFromAlbum = async (query: Kysely<ImagesTables>, album: number, id: number): Promise<void> => {
  await query.deleteFrom('album_pictures').where('album_id', '=', album).where('picture_id', '=', id).execute();
};
