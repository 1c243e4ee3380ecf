import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import type { Prebuilt } from '../shelf/prebuilt.ts';

/** Bodies below this size are not worth compressing. */
const worthCompressing = 1024;

/** RFC 9110, 13.1.2: weak comparison, as all entity tags here are weak. */
export const isKnown = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' ||
    header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag.replace(/^W\//, '')));

type Request = Pick<FastifyRequest, 'headers' | 'raw'>;

/** Brotli wherever the client reads it at all, as it is the smaller one. */
const encodingOf = (request: Request): 'br' | 'gzip' | undefined => {
  if (request.headers['accept-encoding'] === undefined) return undefined;
  const accepted = new Negotiator(request.raw).encodings(['br', 'gzip', 'identity']);
  if (accepted[0] === 'identity') return undefined;
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
};

/**
 * Answers with a body that was made before: 304 to who has it, else in the encoding that the client likes best. The handler must
 * not be async: an answer that is ready is sent at once, as this is the path that has to be as fast as the server.
 */
export const sendPrebuilt = (request: Request, reply: FastifyReply, body: Prebuilt, compressible = true): void => {
  reply.headers({ etag: body.etag, 'cache-control': 'no-cache', vary: 'accept, accept-encoding' });
  if (isKnown(request.headers['if-none-match'], body.etag)) {
    reply.code(304).send();
    return;
  }
  reply.header('content-type', body.contentType);
  const encoding = compressible && body.identity.length >= worthCompressing ? encodingOf(request) : undefined;
  if (encoding === undefined) {
    reply.send(body.identity);
    return;
  }
  body.encoded(encoding).then(
    (encoded) => reply.header('content-encoding', encoding).send(encoded),
    (error: unknown) => reply.send(error),
  );
};

/** Answers with JSON that is text already. */
export const sendJsonText = (reply: FastifyReply, text: string): void => {
  reply.type('application/json; charset=utf-8').send(text);
};
