import { timingSafeEqual } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import { mayBeForeignPage } from './foreign-page.ts';
import { proxySign } from './proxy-sign.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether what the request says of its caller (`x-vindima-user` and so on) is the gateway's word. */
    isVouched: boolean;
  }
}

export interface WhoMayCall {
  /** Each is good; empty where the service has none and asks for none. */
  readonly internalTokens: readonly string[];
  /** Whether calls of this machine's programs need no token. */
  readonly answersLocalCalls: boolean;
}

/** What a load balancer asks, and the documents, which say nothing that the source does not. */
const openPaths = /^\/(health\/|docs(\/|$)|openapi\.json|asyncapi\.json)/;

/** Lets the gateway in by its token, and this machine's programs where they need none; pages of other sites never. */
export const registerWhoMayCall = (
  app: App,
  service: string,
  { internalTokens, answersLocalCalls }: WhoMayCall,
): void => {
  const hasToken = tokenCheck(internalTokens);
  app.decorateRequest('isVouched', false);
  app.addHook('onRequest', (request, _, done) => {
    request.isVouched = internalTokens.length === 0 || hasToken(request);
    if (internalTokens.length > 0 && (request.isVouched || openPaths.test(request.url))) return done();
    if (!answersLocalCalls) {
      return internalTokens.length === 0
        ? done()
        : done(new ServiceError(401, `${service}.gateway_only`, 'This service answers the gateway alone.'));
    }
    if (mayBeForeignPage(request)) return done(foreignPage(service));
    // A gateway without a token says itself for whom it asks, with headers that proxies send, too.
    const sign = internalTokens.length === 0 ? undefined : proxySign(request.raw);
    done(sign === undefined ? undefined : behindProxy(service, sign));
  });
};

const tokenCheck = (tokens: readonly string[]) => {
  const expected = tokens.map((token) => Buffer.from(token));
  return ({ headers }: FastifyRequest): boolean => {
    const given = Buffer.from(String(headers['x-internal-token'] ?? ''));
    return expected.some((token) => token.length === given.length && timingSafeEqual(token, given));
  };
};

/** Browsers let any page send requests to this machine. */
const foreignPage = (service: string) =>
  new ServiceError(
    403,
    `${service}.foreign_page`,
    'Without INTERNAL_TOKEN this service answers calls to 127.0.0.1 or localhost alone, and no page of another site.',
  );

const behindProxy = (service: string, sign: string) =>
  new ServiceError(
    401,
    `${service}.behind_proxy`,
    `A proxy passed this call on (${sign}), and this service answers this machine alone: set AUTH=required, and let the proxy call the gateway.`,
    { details: { sign } },
  );
