import { Type } from 'typebox';
import { Job, JobsOfSender, jobStates, ReferenceHeader } from './jobs.ts';
import { defineOperations } from './operations/define-operation.ts';
import { Page, PageQuery } from './pagination.ts';
import { StringEnum } from './schema.ts';

export const JobParams = Type.Object({
  id: Type.String({ maxLength: 80, description: 'The id of the job; it begins with the name of its service' }),
});
/** Of operations that start a job. */
export const JobHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ minLength: 1, maxLength: 150, description: 'The same key from the same caller starts one job' }),
  ),
  ...ReferenceHeader,
});

const unknownJob = (service: string) => ({ [`${service}.unknown_job`]: [404, 'There is no such job.'] }) as const;

/** The operations about jobs that every service has. The gateway has its own, for the jobs of all. */
export const jobOperations = (service: string) =>
  defineOperations(service, {
    listJobs: {
      method: 'GET',
      path: '/jobs',
      tag: 'jobs',
      summary: 'Jobs, newest first',
      access: { role: 'viewer', scope: 'read' },
      query: Type.Object({
        ...PageQuery.properties,
        limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Items per page' }),
        state: Type.Optional(StringEnum(jobStates, { description: 'Only jobs in this state' })),
        kind: Type.Optional(Type.String({ maxLength: 80, description: 'Only jobs of this kind' })),
        ...JobsOfSender,
      }),
      answers: { 200: { description: 'A page of jobs', json: Page(Job) } },
      errors: {},
    },
    getJob: {
      method: 'GET',
      path: '/jobs/:id',
      tag: 'jobs',
      summary: 'One job',
      access: { role: 'viewer', scope: 'read' },
      params: JobParams,
      answers: { 200: { description: 'The job', json: Job } },
      errors: unknownJob(service),
    },
    cancelJob: {
      method: 'DELETE',
      path: '/jobs/:id',
      tag: 'jobs',
      summary: 'Cancel a job',
      access: { role: 'editor', scope: 'write' },
      params: JobParams,
      answers: { 202: { description: 'The job, which ends soon', json: Job } },
      errors: unknownJob(service),
    },
    watchJob: {
      method: 'GET',
      path: '/jobs/:id/events',
      tag: 'jobs',
      summary: 'A job as it goes on, as server-sent events (`job`, the job each time)',
      description: 'An input of more than 4096 characters is null; `GET /jobs/{id}` has it.',
      access: { role: 'viewer', scope: 'read' },
      params: JobParams,
      answers: { 200: { description: 'Events until the job ends', events: Job } },
      errors: unknownJob(service),
    },
  });
