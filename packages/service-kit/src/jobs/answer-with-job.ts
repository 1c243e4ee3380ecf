import type { Job } from '@vindima/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { restKey } from './rest-key.ts';

/** Starts a job for a request, once for each `Idempotency-Key` of its caller: 202, and where the job is. @returns the job */
export const answerWithJob = async <Input>(
  job: { start(input: Input, options?: { readonly idempotencyKey?: string }): Promise<Job> },
  input: Input,
  request: Pick<FastifyRequest, 'headers' | 'isVouched'>,
  reply: FastifyReply,
): Promise<Job> => {
  const started = await job.start(input, restKey(request));
  reply.code(202).header('location', `/jobs/${started.id}`);
  return started;
};
