import { type Job, ReferenceHeader } from '@vindima/contracts';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';

export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 150 })),
  ...ReferenceHeader,
});

/** 202, and where the job is. */
export const sendJob = (reply: FastifyReply, job: Job) =>
  reply.code(202).header('location', `/jobs/${job.id}`).send(job);
