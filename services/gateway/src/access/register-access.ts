import rateLimit from '@fastify/rate-limit';
import { ServiceError } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nameOf, type Principal } from '../auth/principal.ts';
import { authorize, type Requirement } from './authorize.ts';
import { networkOf } from './network-of.ts';
import { requirementOf } from './requirement-of.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request. */
    principal: Principal;
    /** The rule that it was held to. */
    requirement: Requirement | undefined;
  }
}

const windowSeconds = 60;

/** Decides about every request before its body is read: who it is, whether they call too often, whether they may. */
export const registerAccess = async (
  app: App,
  options: { authenticate: (request: FastifyRequest) => Promise<Principal>; requestsPerMinute: number },
): Promise<void> => {
  app.decorateRequest('principal');
  app.decorateRequest('requirement');
  await app.register(rateLimit, {
    global: false,
    max: options.requestsPerMinute,
    timeWindow: windowSeconds * 1000,
    cache: 20_000,
    keyGenerator: ({ principal, ip }) => (principal.kind === 'nobody' ? networkOf(ip) : nameOf(principal)),
    // Load balancers ask for health every few seconds; whoever is at this machine limits themselves.
    allowList: ({ url, principal }) => url.startsWith('/health') || principal.kind === 'local',
  });
  const count = app.createRateLimit();
  app.addHook('onRequest', async (request, reply) => {
    request.principal = await options.authenticate(request);
    const state = await count(request);
    if (!state.isAllowed) holdToLimit(reply, state);
    request.requirement = requirementOf(request);
    authorize(request.principal, request.requirement);
  });
};

interface LimitState {
  readonly max: number;
  readonly remaining: number;
  readonly ttlInSeconds: number;
  readonly isExceeded: boolean;
}

/**
 * Says how much of the limit is left, as draft-ietf-httpapi-ratelimit-headers-10 writes it and, for clients that are older, as its sixth
 * draft did.
 *
 * @throws ServiceError 429 when nothing is
 */
const holdToLimit = (reply: FastifyReply, { max, remaining, ttlInSeconds, isExceeded }: LimitState) => {
  reply.headers({
    'ratelimit-policy': `"default";q=${max};w=${windowSeconds}`,
    ratelimit: `"default";r=${remaining};t=${ttlInSeconds}`,
    'ratelimit-limit': max,
    'ratelimit-remaining': remaining,
    'ratelimit-reset': ttlInSeconds,
  });
  if (!isExceeded) return;
  throw new ServiceError(
    429,
    'gateway.too_many_requests',
    `More than ${max} requests a minute; try again in ${ttlInSeconds} s.`,
    {
      details: { limit: max, retry_after_seconds: ttlInSeconds },
      headers: { 'retry-after': String(ttlInSeconds) },
    },
  );
};
