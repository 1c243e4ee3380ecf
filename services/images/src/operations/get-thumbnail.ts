import { availableParallelism } from 'node:os';
import { imagesOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import pLimit from 'p-limit';
import type { ImagesContext } from '../context.ts';
import { makeThumbnail } from '../picture/make-thumbnail.ts';
import { readFile, requireImage } from './find-image.ts';

/** Answers a small WebP. */
export const getThumbnail = (context: ImagesContext) => {
  const { config, database, objects } = context;
  const decoding = pLimit(availableParallelism());
  implement(context, imagesOperations.getThumbnail, async (request, reply) => {
    const { width } = request.query;
    const image = await requireImage(database.query, request.params.id);
    const etag = `"${image.sha256}-${width}"`;
    reply.headers({ etag, 'cache-control': 'private, max-age=31536000, immutable' });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    const thumbnail = await decoding(async () =>
      makeThumbnail(await readFile(objects, image), width, config.IMAGES_MAXIMUM_PIXELS),
    );
    return reply.type('image/webp').send(thumbnail);
  });
};
