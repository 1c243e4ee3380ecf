import { imagesOperations, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { ImagesContext } from '../context.ts';
import { unknownFormat } from '../db/pictures.ts';
import { contentTypes, type ImageFormat } from '../picture/image-format.ts';
import { missingFile, requireImage } from './find-image.ts';

/** Answers the file as it came. */
export const getFile = (context: ImagesContext) =>
  implement(context, imagesOperations.getFile, async (request, reply) => {
    const image = await requireImage(context.database.query, request.params.id);
    const etag = `"${image.sha256}"`;
    reply.headers({ etag, 'cache-control': 'private, max-age=31536000, immutable' });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    const stream = await context.objects.stream(image.path).catch((error: unknown) => {
      throw error instanceof ServiceError && error.status === 404 ? missingFile(image, error) : error;
    });
    // Of a row that somebody else inserted nothing is known, not even its length.
    if (image.bytes > 0) reply.header('content-length', image.bytes);
    const isKnown = image.format !== unknownFormat;
    return reply
      .type(isKnown ? contentTypes[image.format as ImageFormat] : 'application/octet-stream')
      .header('content-disposition', isKnown ? `inline; filename="${image.id}.${image.format}"` : 'attachment')
      .send(stream);
  });
