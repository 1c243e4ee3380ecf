import { Job, jobStates, Nullable, SenderReference, ServiceError, StringEnum } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { RouteRule } from '../access/requirement-of.ts';
import { isServiceName, type ServiceName, serviceNames } from '../access/rules.ts';
import { listJobs } from '../jobs/list-jobs.ts';
import type { ForwardTo } from '../proxy/register-proxy.ts';
import type { Replicas } from '../proxy/replicas.ts';

const tags = ['jobs'];
const JobParams = Type.Object({ id: Type.String({ maxLength: 80 }) });
const Query = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$', description: 'next_cursor of the page before' })),
  state: Type.Optional(StringEnum(jobStates)),
  kind: Type.Optional(Type.String({ maxLength: 80, examples: ['wine.ingest'] })),
  command_id: Type.Optional(Type.String({ maxLength: 1000, description: 'As `POST /commands/...` answered it' })),
  reference: Type.Optional({ ...SenderReference, description: 'As the sender called it' }),
  service: Type.Optional(StringEnum(serviceNames)),
});
const JobsPage = Type.Object({
  items: Type.Array(Job),
  next_cursor: Nullable(Type.String()),
  unavailable: Type.Array(Type.String(), { description: 'Services that could not be asked' }),
});

/** `GET /jobs` of all services. */
export const registerJobs = (
  app: App,
  replicas: Readonly<Record<ServiceName, Replicas>>,
  internalToken: string | undefined,
): void => {
  app.get(
    '/jobs',
    {
      schema: { tags, summary: 'Jobs of all services, newest first', querystring: Query, response: { 200: JobsPage } },
      config: {
        requirement: {
          role: 'viewer',
          service: 'gateway',
          access: 'read',
          serviceOf: ({ query }) => {
            const service = String((query as { service?: unknown }).service);
            return isServiceName(service) ? service : 'gateway';
          },
        },
      },
    },
    ({ query }) => listJobs(replicas, query, internalToken),
  );
};

/** `GET|DELETE /jobs/{id}` and `GET /jobs/{id}/events`, of the service whose name the id begins with. */
export const registerJobForwarding = (scope: App, forwardTo: ForwardTo): void => {
  const toOwner =
    (lasting = false) =>
    (request: FastifyRequest, reply: FastifyReply) => {
      const service = ownerOf(request);
      if (service === undefined)
        throw new ServiceError(
          404,
          'gateway.unknown_job',
          'There is no such job: its id begins with no known service.',
        );
      return forwardTo(service, request, reply, lasting);
    };
  const rule = (role: 'viewer' | 'editor', access: 'read' | 'write'): { requirement: RouteRule } => ({
    requirement: { role, service: '{service}', access, serviceOf: (request) => ownerOf(request) ?? 'gateway' },
  });
  scope.get(
    '/jobs/:id',
    {
      compress: false,
      decompress: false,
      schema: { tags, summary: 'One job', params: JobParams, response: { 200: Job } },
      config: rule('viewer', 'read'),
    },
    toOwner(),
  );
  scope.delete(
    '/jobs/:id',
    {
      compress: false,
      decompress: false,
      schema: { tags, summary: 'Cancel a job', params: JobParams, response: { 202: Job } },
      config: rule('editor', 'write'),
    },
    toOwner(),
  );
  scope.get(
    '/jobs/:id/events',
    {
      compress: false,
      decompress: false,
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'A job as it goes on, as server-sent events (`job`, the whole job each time)',
        params: JobParams,
      },
      config: rule('viewer', 'read'),
    },
    toOwner(true),
  );
};

const ownerOf = ({ params }: FastifyRequest): ServiceName | undefined => {
  const [name] = (params as { id: string }).id.split('-', 1);
  return isServiceName(name) ? name : undefined;
};
