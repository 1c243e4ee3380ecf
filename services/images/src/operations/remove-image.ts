import { imagesEvents } from '@vindima/contracts';
import type { ImagesContext } from '../context.ts';
import { deleteImage, type StoredImage } from '../db/pictures.ts';

/**
 * Removes the rows of an image first, then its file, unless another image has the same. A crash between the two leaves a file that no image has;
 * the sweep removes it. @returns false when somebody else was faster
 */
export const removeImage = async (context: ImagesContext, image: StoredImage): Promise<boolean> => {
  const { database, messages, objects, logger } = context;
  const { id, sha256 } = image;
  const deleted = await database.transaction(async (transaction) => {
    const rows = await deleteImage(transaction, image);
    if (rows !== undefined) await messages.send(transaction, imagesEvents.deleted, { id, sha256 });
    return rows;
  });
  if (deleted?.isFileUnused) {
    await objects.delete(image.path).catch((error: unknown) => {
      logger.warn({ err: error, path: image.path }, 'the file of a deleted image is still to be removed');
    });
  }
  return deleted !== undefined;
};
