import { ServiceError } from '@vindima/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Bounds the memory of uploads: all that are being received or worked on together may announce so many bytes. Further ones are asked to come
 * back, before their bodies are read.
 */
export const createAdmission = (maximumBytes: number, largestBody: number) => {
  let admitted = 0;
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const announced = Number(request.headers['content-length'] ?? largestBody);
    const size = Math.min(Number.isFinite(announced) ? announced : largestBody, largestBody);
    if (admitted > 0 && admitted + size > maximumBytes) {
      const error = new ServiceError(503, 'images.too_busy', 'Too many uploads at once; try again in a second.', {
        headers: { 'retry-after': '1', connection: 'close' },
      });
      done(error);
      return;
    }
    admitted += size;
    // Emitted once, whether the answer was sent or the client has gone.
    reply.raw.once('close', () => {
      admitted -= size;
    });
    done();
  };
};
