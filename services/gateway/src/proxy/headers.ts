import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nameOf } from '../auth/principal.ts';

/** Of one connection, not of the message (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);
/** The gateway's alone to say, or nobody's business behind it. */
const ownWords = new Set([
  'host',
  'authorization',
  'x-api-key',
  'x-internal-token',
  'x-vindima-user',
  'cookie',
  'x-request-id',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
]);

/** The headers that a service gets: the client's, without credentials, with who it is and what the request is called. */
export const requestHeaders = (
  request: FastifyRequest,
  internalToken: string | undefined,
): Record<string, string | string[]> => {
  const headers: Record<string, string | string[]> = {};
  const named = connectionNames(request.headers);
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !hopByHop.has(name) && !ownWords.has(name) && !named?.has(name)) headers[name] = value;
  }
  headers['x-request-id'] = request.id;
  headers['x-vindima-user'] = nameOf(request.principal);
  headers['x-forwarded-for'] = request.ip;
  headers['x-forwarded-proto'] = request.protocol;
  headers['x-forwarded-host'] = request.host;
  headers.traceparent ??= newTrace();
  if (internalToken !== undefined) headers['x-internal-token'] = internalToken;
  return headers;
};

/** The headers that the client gets: the service's without those of the connection, and the gateway's, which win. */
export const answerHeaders = (
  reply: FastifyReply,
  answer: IncomingHttpHeaders,
): Record<string, number | string | string[]> => {
  const kept: Record<string, number | string | string[]> = {};
  const named = connectionNames(answer);
  for (const [name, value] of Object.entries(answer)) {
    if (value !== undefined && !hopByHop.has(name) && !named?.has(name)) kept[name] = value;
  }
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) kept[name] = name === 'vary' && kept.vary ? `${kept.vary}, ${value}` : value;
  }
  return kept;
};

/** Headers that `Connection` declares to be of this connection too. */
const connectionNames = (headers: IncomingHttpHeaders) =>
  headers.connection === undefined || /^(keep-alive|close)$/i.test(headers.connection)
    ? undefined
    : new Set(headers.connection.split(',').map((name) => name.trim().toLowerCase()));

/** A trace that begins here (W3C Trace Context). UUIDs are random enough, and made ahead in batches; a half of one tells its first span. */
const newTrace = () => {
  const trace = randomUUID().replaceAll('-', '');
  return `00-${trace}-${trace.slice(16)}-01`;
};
