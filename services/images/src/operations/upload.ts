import { imagesOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { createAdmission } from './admission.ts';
import { asServiceError, largestBody } from './body-parsers.ts';
import { sendWithData, toImage } from './present.ts';
import { namesUrl, readUpload } from './read-upload.ts';

/** Bytes of all uploads at once. */
export const uploadMemory = 256 * 1024 * 1024;

/** Stores and tags a picture; at two addresses, of which existing clients know one. */
export const upload = (context: ImagesContext) => {
  const { config, storePicture, fetcher, signal } = context;
  const bodyLimit = largestBody(config.IMAGES_MAXIMUM_FILE_SIZE);
  const admit = createAdmission(uploadMemory, bodyLimit);
  for (const operation of [imagesOperations.upload, imagesOperations.uploadAtTags]) {
    implement(
      context,
      operation,
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
      // Pictures are compressed already: as base64 they would cost milliseconds to win little.
      { bodyLimit, compress: false, onRequest: admit },
    );
  }
};
