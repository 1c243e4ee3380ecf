import { isLoopback, mayBeForeignPage, proxySign } from '@vindima/service-kit';
import type { FastifyRequest } from 'fastify';
import { behindProxy, local, nobody, type Principal } from '../auth/principal.ts';

/**
 * Who calls without credentials under `AUTH=local`: a person or program on this machine may pass; a web page elsewhere that a browser on this
 * machine shows may not, nor what a proxy on this machine passes on.
 */
export const localPrincipal = (request: Pick<FastifyRequest, 'headers' | 'socket' | 'method' | 'raw'>): Principal => {
  if (!isLoopback(request.socket.remoteAddress ?? '')) return nobody;
  const sign = proxySign(request.raw);
  if (sign !== undefined) return behindProxy(sign);
  return mayBeForeignPage(request) ? nobody : local;
};
