import { gatewayOperations, ServiceError, type ServiceName } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serviceOfJob } from '../access/service-of.ts';
import { listJobs } from '../jobs/list-jobs.ts';
import type { ForwardTo } from '../proxy/register-proxy.ts';
import type { Replicas } from '../proxy/replicas.ts';

/** Lists the jobs of all services. */
export const registerJobs = (
  app: App,
  replicas: Readonly<Record<ServiceName, Replicas>>,
  internalToken: string | undefined,
) =>
  implement({ app }, gatewayOperations.listJobs, ({ query }) => listJobs(replicas, query, internalToken), {
    // Services say what their jobs have; one of another version, during an upgrade, may say less.
    serializerCompiler: () => JSON.stringify,
  });

/** Hands what is asked of one job to the service whose name its id begins with. */
export const registerJobForwarding = (app: App, forwardTo: ForwardTo): void => {
  const toOwner = (request: Forwarded, reply: FastifyReply, lasting = false) => {
    const service = serviceOfJob(request.params.id);
    if (service === undefined)
      throw new ServiceError(404, 'gateway.unknown_job', 'There is no such job: its id begins with no known service.');
    return forwardTo(service, request as never as FastifyRequest, reply, lasting) as undefined;
  };
  const asIs = { compress: false, decompress: false } as const;
  const { getJob, cancelJob, watchJob } = gatewayOperations;
  implement({ app }, getJob, (request, reply) => toOwner(request, reply), asIs);
  implement({ app }, cancelJob, (request, reply) => toOwner(request, reply), asIs);
  implement({ app }, watchJob, (request, reply) => toOwner(request, reply, true), asIs);
};

interface Forwarded {
  readonly params: { readonly id: string };
}
