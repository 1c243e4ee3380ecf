import { imagesOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { findTags } from '../db/findings.ts';
import { readFile, requireImage } from './find-image.ts';
import { inLanguage, sendWithData, toImage } from './present.ts';

/** Answers an image with its file as base64. */
export const getImage = (context: ImagesContext) =>
  implement(
    context,
    imagesOperations.get,
    async (request, reply) => {
      const { query } = context.database;
      const image = await requireImage(query, request.params.id);
      const [bytes, tags] = await Promise.all([readFile(context.objects, image), findTags(query, [image.id])]);
      return sendWithData(
        reply,
        toImage(image, inLanguage(context, tags.get(image.id) ?? [], request.query.lang)),
        bytes,
      );
    },
    // Pictures are compressed already: as base64 they would cost milliseconds to win little.
    { compress: false },
  );
