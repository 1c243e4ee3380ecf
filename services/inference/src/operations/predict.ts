import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';

/** Classifies a file of the lake, as a job. */
export const predict = ({ context, predicting }: Ports) =>
  implement(context, inferenceOperations.predict, async ({ body, headers }, reply) => {
    const key = headers['idempotency-key'];
    const job = await predicting.start(body, key === undefined ? {} : { idempotencyKey: `rest-${key}` });
    reply.code(202).header('location', `/jobs/${job.id}`);
    return job;
  });
