import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Sends what is written already (JSON text, a file), past the types that are made for objects of the response's schema. */
export const sendWritten = (reply: unknown, body: string | Readable): FastifyReply =>
  (reply as FastifyReply).send(body);
