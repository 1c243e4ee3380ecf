import { jobOperations } from '@vindima/contracts';
import type { App } from '../http/app.ts';
import { implement } from '../http/implement.ts';
import { sendEvents } from '../http/sse.ts';
import type { Jobs } from './jobs.ts';

/** `GET /jobs`, `GET|DELETE /jobs/{id}`, `GET /jobs/{id}/events`: the same on every service. */
export const registerJobRoutes = (
  app: App,
  service: string,
  jobs: Pick<Jobs<never>, 'get' | 'glance' | 'list' | 'cancel' | 'watch'>,
): void => {
  const { listJobs, getJob, cancelJob, watchJob } = jobOperations(service);
  implement({ app }, listJobs, ({ query }) => jobs.list(query));
  implement({ app }, getJob, ({ params }) => jobs.get(params.id));
  implement({ app }, cancelJob, async ({ params }, reply) => {
    reply.code(202);
    return jobs.cancel(params.id);
  });
  implement({ app }, watchJob, async (request, reply) => {
    const { id } = request.params;
    await jobs.glance(id);
    return sendEvents(request, reply, async function* (signal) {
      for await (const job of jobs.watch(id, signal)) yield { event: 'job', data: job };
    });
  });
};
