import { type AnyOperation, ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import type { Requirement } from './authorize.ts';
import { serviceNamedBy } from './service-of.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route asks of its caller that is no operation: pages, documents, and what is passed on. */
    requirement?: Requirement;
  }
}

export const anyone: Requirement = { role: 'public', service: 'gateway', access: 'read' };

/** What the CORS plugin answers. */
const preflight = 'OPTIONS *';

const ofOperation = ({ service, access }: AnyOperation, request: FastifyRequest): Requirement => ({
  role: access.role,
  service: access.service === undefined ? service : serviceNamedBy(access.service, request),
  access: access.scope,
  ...(access.needsLogin ? { needsLogin: true } : {}),
});

/**
 * What a request is held to. An unknown path has no rule: it is answered with 404, whoever asks.
 *
 * @throws ServiceError 403 for a route without a rule: it stays shut rather than open to all
 */
export const requirementOf = (request: FastifyRequest): Requirement => {
  if (request.is404) return anyone;
  const { config, url } = request.routeOptions;
  if (config.operation !== undefined) return ofOperation(config.operation, request);
  if (config.requirement !== undefined) return config.requirement;
  if (`${request.method} ${url}` === preflight) return anyone;
  throw new ServiceError(403, 'gateway.no_rule', `No rule says who may call ${request.method} ${url}, so nobody may.`);
};
