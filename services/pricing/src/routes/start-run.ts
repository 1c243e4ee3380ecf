import { ErrorBody, Job, PricingRunInput } from '@vindima/contracts';
import { restKey } from '@vindima/service-kit';
import { Type } from 'typebox';
import type { Kit, PricingContext } from '../context.ts';
import type { RunJob } from '../jobs.ts';
import { completeInput } from '../run/run-input.ts';

/** `POST /pricing/runs`: starts a run. */
export const startRun = ({ app }: Kit, context: PricingContext, run: RunJob) => {
  app.post(
    '/pricing/runs',
    {
      // No body asks for what the configuration says.
      preValidation: async (request) => {
        request.body ??= {};
      },
      schema: {
        tags: ['runs'],
        summary: 'Fetch rates and products, record what changed, write a snapshot of the prices',
        body: PricingRunInput,
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 150 })) }),
        response: { 202: Job, 400: ErrorBody, 409: ErrorBody, 422: ErrorBody },
      },
    },
    async (request, reply) => {
      completeInput(request.body, context);
      const job = await run.start(request.body, restKey(request));
      return reply.code(202).header('location', `/jobs/${job.id}`).send(job);
    },
  );
};
