import { ErrorBody, ImageUpload, ImageUploadQuery, ImageWithData } from '@vindima/contracts';
import type { ImagesContext } from '../context.ts';
import { createAdmission } from './admission.ts';
import { asServiceError, largestBody } from './body-parsers.ts';
import { sendWithData, toImage } from './present.ts';
import { namesUrl, readUpload } from './read-upload.ts';

/** Bytes of all uploads at once. */
export const uploadMemory = 256 * 1024 * 1024;

/** OpenAPI 3.1 says nothing of a body that is a file; a schema would be held against its bytes. */
const picture = { schema: {} };

/** `POST /images` (also at `/images/tags`, as existing clients call it): stores and tags a picture. */
export const registerUploadImage = ({ app, config, storePicture, fetcher, signal }: ImagesContext): void => {
  const bodyLimit = largestBody(config.IMAGES_MAXIMUM_FILE_SIZE);
  const admit = createAdmission(uploadMemory, bodyLimit);
  for (const path of ['/images', '/images/tags']) {
    app.post(
      path,
      {
        bodyLimit,
        // Pictures are compressed already: as base64 they would cost milliseconds to win little.
        compress: false,
        onRequest: admit,
        schema: {
          summary: 'Store and tag a picture',
          description: 'JPEG, PNG, WebP, GIF, AVIF or TIFF. The same file again answers the image that is there.',
          tags: ['images'],
          querystring: ImageUploadQuery,
          body: {
            content: {
              'application/json': { schema: ImageUpload },
              'image/*': picture,
              'application/octet-stream': picture,
              'multipart/form-data': { schema: { properties: { file: {} } } },
            },
          },
          response: { 200: ImageWithData, '4xx': ErrorBody, '5xx': ErrorBody },
        },
      },
      async (request, reply) => {
        // A file that is fetched is in no length that was announced.
        if (namesUrl(request.body)) admit.take(reply, config.IMAGES_MAXIMUM_FILE_SIZE);
        const bytes = await readUpload(request, fetcher, signal).catch((error: unknown) => {
          throw asServiceError(error);
        });
        const minimumConfidence = request.query.min_confidence ?? 80;
        const { image, tags } = await storePicture(bytes, { minimumConfidence, signal });
        return sendWithData(reply, toImage(image, tags), bytes);
      },
    );
  }
};
