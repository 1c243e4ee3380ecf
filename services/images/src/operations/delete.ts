import { imagesEvents, imagesOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { deleteImage as deleteRows } from '../db/pictures.ts';
import { requireImage, unknownImage } from './find-image.ts';

/** Removes the rows of an image first, then its file. A crash between the two leaves a file that no image has; the sweep removes it. */
export const deleteImage = (context: ImagesContext) => {
  const { database, messages, objects, logger } = context;
  implement(context, imagesOperations.delete, async (request, reply) => {
    const { id } = request.params;
    const image = await requireImage(database.query, id);
    const deleted = await database.transaction(async (transaction) => {
      const rows = await deleteRows(transaction, image);
      if (rows !== undefined) await messages.send(transaction, imagesEvents.deleted, { id, sha256: image.sha256 });
      return rows;
    });
    if (deleted === undefined) throw unknownImage(id);
    if (!deleted.isFileUnused) return reply.code(204).send(null);
    await objects.delete(image.path).catch((error: unknown) => {
      logger.warn({ err: error, path: image.path }, 'the file of a deleted image is still to be removed');
    });
    return reply.code(204).send(null);
  });
};
