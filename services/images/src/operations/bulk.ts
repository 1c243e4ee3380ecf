import { imagesOperations, ServiceError } from '@vindima/contracts';
import { callerOf, implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { correctTag } from '../db/corrections.ts';
import { findImage } from '../db/pictures.ts';
import { readTag } from './correct-tag.ts';
import { removeImage } from './remove-image.ts';
import { selectIds } from './select-images.ts';

/** In one request: each is a transaction of its own. */
const mostImages = 10_000;

/** Removes or tags all images of a search, after their number was confirmed. */
export const bulk = (context: ImagesContext) => {
  const { clock, database } = context;
  implement(context, imagesOperations.bulk, async (request) => {
    const { search, count, delete: isDeletion = false, add = [], remove = [] } = request.body;
    const corrections = [
      ...add.map((tag) => ({ tag: readTag(tag), is_right: true })),
      ...remove.map((tag) => ({ tag: readTag(tag), is_right: false })),
    ];
    if (isDeletion === corrections.length > 0) {
      throw new ServiceError(400, 'images.no_change', 'Say either delete, or which tags to add or remove.');
    }
    const ids = await selectIds(context, search, mostImages + 1);
    if (ids.length > mostImages) {
      throw new ServiceError(413, 'images.too_many_images', `At most ${mostImages} images are changed at once.`);
    }
    if (count === undefined) return { count: ids.length, is_done: false };
    if (count !== ids.length) {
      const message = `The search finds ${ids.length} images, not ${count}: nothing was changed.`;
      throw new ServiceError(409, 'images.other_count', message, { details: { count: ids.length } });
    }
    const made = { by: callerOf(request).name, at: clock().toISOString() };
    for (const id of ids) {
      const image = await findImage(database.query, id);
      // Removed meanwhile.
      if (image === undefined) continue;
      if (isDeletion) await removeImage(context, image);
      else {
        await database.transaction(async (transaction) => {
          for (const correction of corrections) await correctTag(transaction, image, { ...correction, ...made });
        });
      }
    }
    return { count: ids.length, is_done: true };
  });
};
