import { ServiceError } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import type { Authenticate } from './authenticate.ts';
import { authorize, type Requirement } from './authorize.ts';
import { networkOf } from './network-of.ts';
import { createRequestLimit, type Standing, standingHeaders } from './request-limit.ts';
import { requirementOf } from './requirement-of.ts';
import { createWhileAllowed } from './while-allowed.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request. */
    principal: Principal;
    /** The rule that it was held to. */
    requirement: Requirement | undefined;
    /** How the caller stands with the limit; undefined for those who have none. */
    standing: Standing | undefined;
  }
}

const windowSeconds = 60;

/** Decides about every request before its body is read: who it is, whether they call too often, whether they may. */
export const registerAccess = (
  app: App,
  options: {
    authenticate: Authenticate;
    requestsPerMinute: number;
    /** Is told of every request that its caller may not make. */
    onRefused: (request: FastifyRequest, status: number) => void;
  },
): void => {
  app.decorateRequest('principal');
  app.decorateRequest('requirement');
  app.decorateRequest('standing');
  app.decorate('whileAllowed', createWhileAllowed(options.authenticate));
  const most = options.requestsPerMinute;
  const limit = createRequestLimit(most, windowSeconds);

  /** @throws ServiceError 429 when nothing of the limit is left */
  const holdToLimit = ({ resetSeconds, isExceeded }: Standing) => {
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

  const decide = (request: FastifyRequest, principal: Principal) => {
    request.principal = principal;
    request.requirement = requirementOf(request);
    if (most > 0 && isLimited(request)) {
      request.standing = limit.count(callerOf(request));
      holdToLimit(request.standing);
    }
    try {
      authorize(principal, request.requirement);
    } catch (error) {
      if (error instanceof ServiceError) options.onRefused(request, error.status);
      throw error;
    }
  };
  app.addHook('onRequest', (request, _, done) => {
    const found = options.authenticate(request);
    if (found instanceof Promise) {
      found.then((principal) => decide(request, principal)).then(() => done(), done);
      return;
    }
    // Most callers are known already, and nothing is waited for.
    decide(request, found);
    done();
  });
  // On what the gateway answers itself; what it passes on has them from `answerHeaders`.
  app.addHook('onSend', ({ standing }, reply, payload, done) => {
    if (standing !== undefined) reply.headers(standingHeaders(standing));
    done(null, payload);
  });
};

/** Load balancers ask for health every few seconds; whoever is at this machine limits themselves. */
const isLimited = ({ url, principal }: FastifyRequest) => principal.kind !== 'local' && !url.startsWith('/health');

const callerOf = ({ principal, ip }: FastifyRequest) =>
  principal.kind === 'nobody' ? networkOf(ip) : principal.caller;
