import { ErrorBody, Job, PredictRequest } from '@vindima/contracts';
import { assertMayRead, callerOf, restKey } from '@vindima/service-kit';
import { Type } from 'typebox';
import type { Ports } from '../ports.ts';

/** `POST /predictions`: classifies a file of the lake, as a job. */
export const startPrediction = ({ context: { app }, predicting }: Ports) => {
  app.post(
    '/predictions',
    {
      schema: {
        tags: ['classification'],
        summary: 'Classify a CSV or Parquet file of the lake; the result is a Parquet file there',
        body: PredictRequest,
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 150 })) }),
        response: { 202: Job, 400: ErrorBody, 403: ErrorBody, 409: ErrorBody },
      },
    },
    async (request, reply) => {
      assertMayRead('inference', callerOf(request), request.body.object_key);
      const job = await predicting.start(request.body, restKey(request));
      return reply.code(202).header('location', `/jobs/${job.id}`).send(job);
    },
  );
};
