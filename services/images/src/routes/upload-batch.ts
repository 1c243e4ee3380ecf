import { ErrorBody, ImageBatch, ImageUploadQuery, Job, ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ImagesContext } from '../context.ts';
import type { BatchItem, BatchJob } from '../uploads/batch-job.ts';
import { decodeBase64 } from '../uploads/decode-base64.ts';
import { createStaging, type Staging } from '../uploads/staging.ts';
import { createAdmission } from './admission.ts';
import { asServiceError } from './body-parsers.ts';

/** Bytes of a whole batch. */
const largestBatch = 512 * 1024 * 1024;
const largestJson = 64 * 1024 * 1024;

const Headers = Type.Object(
  { 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
  { additionalProperties: true },
);

/** The pictures of a batch, put aside one by one as they come. */
const readItems = async (request: FastifyRequest, staging: Staging): Promise<BatchItem[]> => {
  const items: BatchItem[] = [];
  if (request.isMultipart()) {
    for await (const file of request.files()) {
      items.push({ name: file.filename, key: await staging.put(await file.toBuffer()) });
    }
  } else if (Value.Check(ImageBatch, request.body)) {
    for (const [index, { name = String(index + 1), data, url }] of request.body.items.entries()) {
      if ((data === undefined) === (url === undefined)) {
        throw new ServiceError(400, 'images.no_picture', `Item ${name} needs either data or url.`);
      }
      items.push(data === undefined ? { name, url: url ?? '' } : { name, key: await staging.put(decodeBase64(data)) });
    }
  }
  if (items.length === 0) throw new ServiceError(400, 'images.no_picture', 'The batch has no pictures.');
  return items;
};

/** `POST /images/batch`: many pictures as multipart, or as JSON; answers 202 with a job whose result says of each what became of it. */
export const registerUploadBatch = ({ app, objects }: ImagesContext, job: BatchJob): void => {
  app.post(
    '/images/batch',
    {
      bodyLimit: largestJson,
      onRequest: createAdmission(2 * largestBatch, largestBatch),
      schema: {
        summary: 'Store and tag many pictures as a job',
        tags: ['images'],
        querystring: ImageUploadQuery,
        headers: Headers,
        body: {
          content: {
            'application/json': { schema: ImageBatch },
            'multipart/form-data': { schema: { properties: { files: { type: 'array' } } } },
          },
        },
        response: { 202: Job, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const idempotencyKey = request.headers['idempotency-key'];
      const staging = createStaging(objects, idempotencyKey);
      try {
        const items = await readItems(request, staging);
        const input = { items, minimum_confidence: request.query.min_confidence ?? 80 };
        const started = await job.start(input, { idempotencyKey });
        // The job of an earlier, equal request has been done: nobody will take the files again.
        if (started.finished_at !== null) await staging.discard();
        return reply.code(202).header('location', `/jobs/${started.id}`).send(started);
      } catch (error) {
        if (idempotencyKey === undefined) await staging.discard();
        throw asServiceError(error);
      }
    },
  );
};
