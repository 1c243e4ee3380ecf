import { ErrorBody, ImageWithData } from '@vindima/contracts';
import type { ImagesContext } from '../context.ts';
import { findTags } from '../db/findings.ts';
import { ImageId, readFile, requireImage } from './find-image.ts';
import { sendWithData, toImage } from './present.ts';

/** `GET /images/{id}`: an image with its file as base64. */
export const registerGetImage = ({ app, database, objects }: ImagesContext): void => {
  app.get(
    '/images/:id',
    {
      // Pictures are compressed already: as base64 they would cost milliseconds to win little.
      compress: false,
      schema: {
        summary: 'One image with its file',
        tags: ['images'],
        params: ImageId,
        response: { 200: ImageWithData, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const image = await requireImage(database.query, request.params.id);
      const [bytes, tags] = await Promise.all([readFile(objects, image), findTags(database.query, [image.id])]);
      return sendWithData(reply, toImage(image, tags.get(image.id) ?? []), bytes);
    },
  );
};
