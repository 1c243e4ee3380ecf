import { availableParallelism } from 'node:os';
import { ErrorBody } from '@vindima/contracts';
import pLimit from 'p-limit';
import { Type } from 'typebox';
import type { ImagesContext } from '../context.ts';
import { makeThumbnail } from '../picture/make-thumbnail.ts';
import { ImageId, readFile, requireImage } from './find-image.ts';

/** `GET /images/{id}/thumbnail?width=`: a small WebP. */
export const registerGetThumbnail = ({ app, config, database, objects }: ImagesContext): void => {
  const decoding = pLimit(availableParallelism());
  app.get(
    '/images/:id/thumbnail',
    {
      schema: {
        summary: 'A small WebP of an image',
        tags: ['images'],
        params: ImageId,
        querystring: Type.Object({
          width: Type.Integer({ minimum: 16, maximum: 1024, default: 256, description: 'Pixels, at most' }),
        }),
        response: { 200: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const { width } = request.query;
      const image = await requireImage(database.query, request.params.id);
      const etag = `"${image.sha256}-${width}"`;
      reply.headers({ etag, 'cache-control': 'private, max-age=31536000, immutable' });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      const thumbnail = await decoding(async () =>
        makeThumbnail(await readFile(objects, image), width, config.IMAGES_MAXIMUM_PIXELS),
      );
      return reply.type('image/webp').send(thumbnail);
    },
  );
};
