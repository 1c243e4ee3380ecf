import { ErrorBody, ImageDetails } from '@vindima/contracts';
import type { ImagesContext } from '../context.ts';
import { findFindings } from '../db/findings.ts';
import { ImageId, requireImage } from './find-image.ts';

/** `GET /images/{id}/details`: what is known of an image, and everything that was found in it. */
export const registerGetDetails = ({ app, database }: ImagesContext): void => {
  app.get(
    '/images/:id/details',
    {
      schema: {
        summary: 'What is known of an image, with all findings and where they came from',
        tags: ['images'],
        params: ImageId,
        response: { 200: ImageDetails, '4xx': ErrorBody },
      },
    },
    async (request) => {
      const { path: _, ...image } = await requireImage(database.query, request.params.id);
      return { ...image, findings: await findFindings(database.query, image.id) };
    },
  );
};
