import { ServiceError } from '@vindima/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long whoever sends a body may send nothing: what they announced is kept for them. The kit answers them before, after 30 s. */
const defaultStallMs = 45_000;

const tooBusy = () =>
  new ServiceError(503, 'images.too_busy', 'Too many uploads at once; try again in a second.', {
    headers: { 'retry-after': '1', connection: 'close' },
  });

/** Ends a connection on which a body has stopped coming; not one whose body waits here, because we are the slow ones. */
const endWhenStalled = ({ raw }: FastifyRequest, reply: FastifyReply, stallMs: number): void => {
  if (raw.complete) return;
  const { socket } = raw;
  socket.setTimeout(stallMs);
  // Node ends the connection by itself only where nobody listens for this.
  reply.raw.on('timeout', () => {
    if (!raw.complete && raw.readableLength === 0) socket.destroy();
    else socket.setTimeout(stallMs);
  });
  raw.once('end', () => socket.setTimeout(0));
};

/**
 * Bounds the memory of uploads: all that are being received or worked on together may announce so many bytes. Further ones are asked to come
 * back, before their bodies are read.
 */
export const createAdmission = (maximumBytes: number, largestBody: number, stallMs = defaultStallMs) => {
  let admitted = 0;
  /** @throws ServiceError 503 `images.too_busy` */
  const take = (reply: FastifyReply, bytes: number): void => {
    if (admitted > 0 && admitted + bytes > maximumBytes) throw tooBusy();
    admitted += bytes;
    // Emitted once, whether the answer was sent or the client has gone.
    reply.raw.once('close', () => {
      admitted -= bytes;
    });
  };
  const admit = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const announced = Number(request.headers['content-length'] ?? largestBody);
    take(reply, Math.min(Number.isFinite(announced) ? announced : largestBody, largestBody));
    endWhenStalled(request, reply, stallMs);
    done();
  };
  return Object.assign(admit, { take });
};
