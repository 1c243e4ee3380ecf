import { isLoopback, mayBeForeignPage } from '@vindima/service-kit';
import type { FastifyRequest } from 'fastify';

/**
 * Whether a call without credentials comes from a person or program on this machine, and not from a web page elsewhere that a browser on this
 * machine shows. What another proxy passes on is not from this machine either.
 */
export const isLocalCall = (request: Pick<FastifyRequest, 'headers' | 'socket' | 'method'>): boolean => {
  const { headers, socket } = request;
  if (!isLoopback(socket.remoteAddress ?? '')) return false;
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  return !mayBeForeignPage(request);
};
