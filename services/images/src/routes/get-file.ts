import { ErrorBody, ServiceError } from '@vindima/contracts';
import { Type } from 'typebox';
import type { ImagesContext } from '../context.ts';
import { contentTypes, type ImageFormat } from '../picture/image-format.ts';
import { ImageId, missingFile, requireImage } from './find-image.ts';

/** `GET /images/{id}/file`: the file as it came. */
export const registerGetFile = ({ app, database, objects }: ImagesContext): void => {
  app.get(
    '/images/:id/file',
    {
      schema: {
        summary: 'The file of an image',
        tags: ['images'],
        params: ImageId,
        response: { 200: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const image = await requireImage(database.query, request.params.id);
      const etag = `"${image.sha256}"`;
      reply.headers({ etag, 'cache-control': 'private, max-age=31536000, immutable' });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      const stream = await objects.stream(image.path).catch((error: unknown) => {
        throw error instanceof ServiceError && error.status === 404 ? missingFile(image, error) : error;
      });
      return reply
        .type(contentTypes[image.format as ImageFormat])
        .header('content-length', image.bytes)
        .header('content-disposition', `inline; filename="${image.id}.${image.format}"`)
        .send(stream);
    },
  );
};
