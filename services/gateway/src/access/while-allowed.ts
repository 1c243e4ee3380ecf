import { ServiceError } from '@vindima/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate } from './authenticate.ts';
import { authorize } from './authorize.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when whoever watches a stream may not any more, or the gateway stops. */
    readonly whileAllowed: (request: FastifyRequest, reply: FastifyReply) => AbortSignal;
  }
}

const lookAgainMs = 5_000;

/** Looks again and again whether a caller may still do what takes long: a user may be disabled meanwhile, a key revoked, a token run out. */
export const createWhileAllowed =
  (authenticate: Authenticate) =>
  (request: FastifyRequest, reply: FastifyReply): AbortSignal => {
    const over = new AbortController();
    const look = async () => {
      try {
        if (request.requirement !== undefined) authorize(await authenticate(request), request.requirement);
      } catch (error) {
        if (error instanceof ServiceError && (error.status === 401 || error.status === 403)) over.abort();
        // Who it is cannot be looked up just now; that they may not any more is not known.
        else request.log.warn({ err: error, requestId: request.id }, 'whether a stream may go on is not known for now');
      }
    };
    // Not by the response's `close`: the client may have gone before anybody listens for it.
    const timer = setInterval(() => {
      if (reply.raw.closed) clearInterval(timer);
      else void look();
    }, lookAgainMs).unref();
    return AbortSignal.any([request.server.closing, over.signal]);
  };
