import { Job, jobStates, Page, PageQuery, SenderReference, StringEnum } from '@vindima/contracts';
import { Type } from 'typebox';
import type { App } from '../http/app.ts';
import { sendEvents } from '../http/sse.ts';
import type { Jobs } from './jobs.ts';

const JobParams = Type.Object({ id: Type.String({ maxLength: 80 }) });
const JobQuery = Type.Object({
  ...PageQuery.properties,
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  state: Type.Optional(StringEnum(jobStates)),
  kind: Type.Optional(Type.String({ maxLength: 80 })),
  command_id: Type.Optional(Type.String({ maxLength: 1000, description: 'Jobs that this command asked for' })),
  reference: Type.Optional({ ...SenderReference, description: 'Jobs that their sender calls so' }),
});

/** `GET /jobs`, `GET|DELETE /jobs/{id}`, `GET /jobs/{id}/events`: the same on every service. */
export const registerJobRoutes = (app: App, jobs: Pick<Jobs<never>, 'get' | 'list' | 'cancel' | 'watch'>): void => {
  const tags = ['jobs'];
  app.get(
    '/jobs',
    { schema: { tags, summary: 'Jobs, newest first', querystring: JobQuery, response: { 200: Page(Job) } } },
    (request) => jobs.list(request.query),
  );
  app.get('/jobs/:id', { schema: { tags, summary: 'One job', params: JobParams, response: { 200: Job } } }, (request) =>
    jobs.get(request.params.id),
  );
  app.delete(
    '/jobs/:id',
    { schema: { tags, summary: 'Cancel a job', params: JobParams, response: { 202: Job } } },
    async (request, reply) => reply.code(202).send(await jobs.cancel(request.params.id)),
  );
  app.get(
    '/jobs/:id/events',
    {
      schema: {
        tags,
        summary: 'A job as it goes on, as server-sent events (`job`, the whole job each time)',
        params: JobParams,
      },
    },
    async (request, reply) => {
      await jobs.get(request.params.id);
      return sendEvents(request, reply, async function* (signal) {
        for await (const job of jobs.watch(request.params.id, signal)) yield { event: 'job', data: job };
      });
    },
  );
};
