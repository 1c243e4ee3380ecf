import { ErrorBody, imagesEvents } from '@vindima/contracts';
import { Type } from 'typebox';
import type { ImagesContext } from '../context.ts';
import { deleteImage } from '../db/pictures.ts';
import { ImageId, requireImage, unknownImage } from './find-image.ts';

/** `DELETE /images/{id}`: rows first, then the file. A crash between the two leaves a file that no image has; the sweep removes it. */
export const registerDeleteImage = ({ app, database, messages, objects, logger }: ImagesContext): void => {
  app.delete(
    '/images/:id',
    {
      schema: {
        summary: 'Remove an image, its tags and its file',
        tags: ['images'],
        params: ImageId,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const image = await requireImage(database.query, id);
      const isDeleted = await database.transaction(async (transaction) => {
        if (!(await deleteImage(transaction, id))) return false;
        await messages.send(transaction, imagesEvents.deleted, { id, sha256: image.sha256 });
        return true;
      });
      if (!isDeleted) throw unknownImage(id);
      await objects.delete(image.path).catch((error: unknown) => {
        logger.warn({ err: error, path: image.path }, 'the file of a deleted image is still to be removed');
      });
      return reply.code(204).send(null);
    },
  );
};
