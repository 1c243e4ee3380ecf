import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorStatus, ServiceError } from '@vindima/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answer, toServiceError } from './errors.ts';

/** Answers a request for which no route can be looked up (a broken escape, a segment that is too long): no hook sees it. */
export const answerUnroutable =
  (service: string) =>
  (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
    answer(request, reply, toServiceError(error, request, service), error);
  };

const unreadable: Readonly<Record<string, readonly [ErrorStatus, string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request_timeout', 'The request did not come whole in time.'],
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large', 'The headers of the request are too large.'],
};
const malformed = [400, 'malformed_request', 'This is no HTTP request that can be read.'] as const;

/** Answers on a connection what is no HTTP at all, and ends it, as nothing on it can be relied on any more. */
export const answerUnreadable =
  (service: string) =>
  (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const [status, reason, message] = unreadable[error.code ?? ''] ?? malformed;
    const requestId = randomUUID();
    const body = JSON.stringify(new ServiceError(status, `${service}.${reason}`, message).toBody(requestId));
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'connection: close',
    ];
    if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    socket.destroy(error);
  };
