import { imagesOperations, ServiceError } from '@vindima/contracts';
import { isUniqueViolation } from '@vindima/database';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { deleteAlbum, insertAlbum, isAlbum, listAlbums, putInAlbum, takeFromAlbum } from '../db/albums.ts';
import { requireImage } from './find-image.ts';

const unknownAlbum = (album: number) =>
  new ServiceError(404, 'images.unknown_album', `There is no album ${album}.`, { details: { album } });

/** Albums: named sets of images. */
export const albums = (context: ImagesContext) => {
  const { database } = context;
  const { query } = database;
  const requireAlbum = async (album: number): Promise<void> => {
    if (!(await isAlbum(query, album))) throw unknownAlbum(album);
  };
  implement(context, imagesOperations.listAlbums, () => listAlbums(query));
  implement(context, imagesOperations.createAlbum, async ({ body }, reply) => {
    const name = body.name.normalize('NFC').trim();
    const id = await insertAlbum(query, name).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      throw new ServiceError(409, 'images.album_exists', `There is an album ${name} already.`, { cause: error });
    });
    reply.code(201).header('location', `/images?album=${id}`);
    return { id, name, n_images: 0, cover: null };
  });
  implement(context, imagesOperations.deleteAlbum, async ({ params: { album } }, reply) => {
    const isDeleted = await database.transaction((transaction) => deleteAlbum(transaction, album));
    if (!isDeleted) throw unknownAlbum(album);
    return reply.code(204).send(null);
  });
  implement(context, imagesOperations.putInAlbum, async ({ params: { album, id } }, reply) => {
    await requireAlbum(album);
    await requireImage(query, id);
    await putInAlbum(query, album, id);
    return reply.code(204).send(null);
  });
  implement(context, imagesOperations.takeFromAlbum, async ({ params: { album, id } }, reply) => {
    await requireAlbum(album);
    await takeFromAlbum(query, album, id);
    return reply.code(204).send(null);
  });
};
