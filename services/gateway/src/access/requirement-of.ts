import { ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import type { Requirement } from './authorize.ts';

/** What a route asks of its caller. */
export interface RouteRule extends Requirement {
  /** Where the request itself names the service; `service` is how the documents write it then. */
  readonly serviceOf?: (request: FastifyRequest) => string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route without one answers nobody. */
    requirement?: RouteRule;
  }
}

export const anyone: RouteRule = { role: 'public', service: 'gateway', access: 'read' };

/** Routes that the service kit and the CORS plugin register. */
const foreignRoutes: Readonly<Record<string, RouteRule>> = {
  'GET /health/live': anyone,
  'HEAD /health/live': anyone,
  'GET /health/ready': anyone,
  'HEAD /health/ready': anyone,
  // A key with `gateway:read` is what Prometheus sends.
  'GET /metrics': { role: 'viewer', service: 'gateway', access: 'read' },
  'HEAD /metrics': { role: 'viewer', service: 'gateway', access: 'read' },
  'OPTIONS *': anyone,
};

/** @returns undefined for a route that nobody has written a rule for */
export const ruleOfRoute = (method: string, url: string | undefined, own?: RouteRule): RouteRule | undefined =>
  own ?? foreignRoutes[`${method} ${url}`];

/**
 * What a request is held to. An unknown path has no rule: it is answered with 404, whoever asks.
 *
 * @throws ServiceError 403 for a route without a rule: it stays shut rather than open to all
 */
export const requirementOf = (request: FastifyRequest): Requirement => {
  if (request.is404) return anyone;
  const { config, url } = request.routeOptions;
  const rule = ruleOfRoute(request.method, url, config.requirement);
  if (rule === undefined) {
    throw new ServiceError(
      403,
      'gateway.no_rule',
      `No rule says who may call ${request.method} ${url}, so nobody may.`,
    );
  }
  return rule.serviceOf === undefined ? rule : { ...rule, service: rule.serviceOf(request) };
};
