import { ServiceError } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import type { Authenticate } from './authenticate.ts';
import { authorize, type Requirement } from './authorize.ts';
import { networkOf } from './network-of.ts';
import { createRequestLimit, type LimitState } from './request-limit.ts';
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
export const registerAccess = (app: App, options: { authenticate: Authenticate; requestsPerMinute: number }): void => {
  app.decorateRequest('principal');
  app.decorateRequest('requirement');
  const most = options.requestsPerMinute;
  const limit = createRequestLimit(most, windowSeconds);
  const policy = `"default";q=${most};w=${windowSeconds}`;

  /**
   * Says how much of the limit is left, as draft-ietf-httpapi-ratelimit-headers-10 writes it and, for clients that are older, as its sixth
   * draft did.
   *
   * @throws ServiceError 429 when nothing is
   */
  const holdToLimit = (reply: FastifyReply, { remaining, resetSeconds, isExceeded }: LimitState) => {
    reply.headers({
      'ratelimit-policy': policy,
      ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
      'ratelimit-limit': most,
      'ratelimit-remaining': remaining,
      'ratelimit-reset': resetSeconds,
    });
    if (!isExceeded) return;
    throw new ServiceError(
      429,
      'gateway.too_many_requests',
      `More than ${most} requests a minute; try again in ${resetSeconds} s.`,
      {
        details: { limit: most, retry_after_seconds: resetSeconds },
        headers: { 'retry-after': String(resetSeconds) },
      },
    );
  };

  const decide = (request: FastifyRequest, reply: FastifyReply, principal: Principal) => {
    request.principal = principal;
    request.requirement = requirementOf(request);
    if (isLimited(request)) holdToLimit(reply, limit.count(callerOf(request)));
    authorize(principal, request.requirement);
  };
  app.addHook('onRequest', (request, reply, done) => {
    const found = options.authenticate(request);
    if (found instanceof Promise) {
      found.then((principal) => decide(request, reply, principal)).then(() => done(), done);
      return;
    }
    // Most callers are known already, and nothing is waited for.
    decide(request, reply, found);
    done();
  });
};

/** Load balancers ask for health every few seconds; whoever is at this machine limits themselves. */
const isLimited = ({ url, principal }: FastifyRequest) => principal.kind !== 'local' && !url.startsWith('/health');

const callerOf = ({ principal, ip }: FastifyRequest) =>
  principal.kind === 'nobody' ? networkOf(ip) : principal.caller;
