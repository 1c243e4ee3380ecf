import { imagesOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { requireImage, unknownImage } from './find-image.ts';
import { removeImage } from './remove-image.ts';

/** Removes an image. */
export const deleteImage = (context: ImagesContext) => {
  implement(context, imagesOperations.delete, async (request, reply) => {
    const { id } = request.params;
    const image = await requireImage(context.database.query, id);
    if (!(await removeImage(context, image))) throw unknownImage(id);
    return reply.code(204).send(null);
  });
};
