import { imagesOperations, ServiceError } from '@vindima/contracts';
import { implement, restKey } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ImagesContext } from '../context.ts';
import type { BatchJob } from '../jobs/batch.ts';
import { batchTooLarge, readBatch } from '../uploads/read-batch.ts';
import { createStagings } from '../uploads/staging.ts';
import { createAdmission } from './admission.ts';
import { asServiceError } from './body-parsers.ts';

/** Bytes of a whole batch. */
const largestBatch = 512 * 1024 * 1024;
/** JSON is in memory whole. */
const largestJson = 64 * 1024 * 1024;

/** Refuses what is no batch, whatever is in it, before it is read. */
const refuseByHeaders = ({ headers }: FastifyRequest, _: FastifyReply, done: (error?: Error) => void): void => {
  const type = headers['content-type'];
  if (type !== undefined && !/^(application\/json|multipart\/form-data)\s*(;|$)/i.test(type)) {
    done(new ServiceError(415, 'images.unsupported_media_type', 'A batch is sent as JSON or as multipart/form-data.'));
  } else if (Number(headers['content-length'] ?? 0) > largestBatch) done(batchTooLarge(largestBatch));
  else done();
};

/** @throws what was thrown, in the words of batches */
const rethrow = (error: unknown): never => {
  const isLargeJson = error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
  throw isLargeJson ? batchTooLarge(largestJson) : error;
};

/** Whether an error says that there is no job: after a failure of the database there may be one all the same. */
const isRefusal = (error: unknown): boolean => error instanceof ServiceError && error.status < 500;

/** Stores and tags many pictures as a job, whose result says of each what became of it. */
export const uploadBatch = (context: ImagesContext, job: BatchJob) => {
  const { config, logger, objects } = context;
  const openStaging = createStagings(objects);
  const limits = { batchBytes: largestBatch, fileBytes: config.IMAGES_MAXIMUM_FILE_SIZE };
  implement(
    context,
    imagesOperations.uploadBatch,
    async (request, reply) => {
      const { idempotencyKey } = restKey(request);
      const staging = openStaging(idempotencyKey);
      const discard = () =>
        // The sweep removes them later.
        staging.discard().catch((error: unknown) => {
          logger.warn({ err: error, requestId: request.id }, 'the files of a batch without a job could not be removed');
        });
      const items = await readBatch(request, staging, limits).catch(async (error: unknown) => {
        await discard();
        throw asServiceError(error);
      });
      const input = { items, minimum_confidence: request.query.min_confidence ?? 80 };
      const started = await job.start(input, { idempotencyKey }).catch(async (error: unknown) => {
        if (isRefusal(error)) await discard();
        else staging.handOver();
        throw error;
      });
      // The job of an earlier, equal request has been done: nobody will take the files again.
      if (started.finished_at !== null) await discard();
      else staging.handOver();
      reply.code(202).header('location', `/jobs/${started.id}`);
      return started;
    },
    {
      bodyLimit: largestJson,
      onRequest: [refuseByHeaders, createAdmission(2 * largestBatch, largestBatch)],
      errorHandler: rethrow,
    },
  );
};
