import type { ServiceName } from '@vindima/contracts';
import { ServiceError } from '@vindima/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClientGone, exchange } from './exchange.ts';
import { handOver } from './hand-over.ts';
import { type PassedHeaders, requestHeaders } from './headers.ts';
import type { Replica, Replicas } from './replicas.ts';
import { type RequestBody, requestBody, smallBody } from './request-body.ts';

/** Where a request goes, and what it may be. */
export interface Target {
  readonly service: ServiceName;
  readonly replicas: Replicas;
  readonly internalToken: string | undefined;
  /** Of the request's body. */
  readonly maximumBytes: number;
  /** The answer is a stream of events. */
  readonly lasting?: boolean;
}

const refusals = new Set([
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
]);

/**
 * Passes a request on to a service and its answer back, both as streams: nothing is kept, and a slow side slows the other.
 *
 * @returns undefined when the service has taken the request over
 * @throws ServiceError 413, 502, 503 or 504 before the answer has begun; afterwards the connection is cut
 */
export const forward = (target: Target, request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined => {
  const { replicas, internalToken, maximumBytes, service, lasting } = target;
  const headers = requestHeaders(request, internalToken);
  const body = requestBody(request, service, maximumBytes);
  const neighbour = replicas.neighbour();
  // What is counted or ended by the gateway takes the way on which it can be.
  const isOurs = lasting || (body !== undefined && !body.hasLength);
  if (neighbour === undefined || isOurs) return send(target, request, reply, headers, body);
  headers.host = neighbour.host;
  handOver(neighbour.server, request, reply, headers);
  return undefined;
};

/**
 * A replica that refuses the connection has seen nothing of the request, so another one is asked; so it is for a replica that breaks
 * off before it answers a request that only reads (RFC 9110, 9.2.2). Any other failure is the client's to know.
 */
const send = async (
  { service, replicas, lasting }: Target,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: PassedHeaders,
  body: RequestBody | undefined,
): Promise<void> => {
  const small = await smallBody(request);
  if (request.raw.errored !== null) {
    // The client went before its body was here.
    reply.hijack();
    return;
  }
  const mayRepeat = body === undefined && (request.method === 'GET' || request.method === 'HEAD');
  const tried = new Set<Replica>();
  let failure: ServiceError | undefined;
  for (;;) {
    const replica = replicas.choose(tried);
    if (replica === undefined) throw failure ?? unavailable(service, tried);
    try {
      const content = small ?? body?.chunks();
      const outgoing = { path: request.raw.url ?? '/', method: request.method, headers, body: content };
      headers.host = replica.host;
      // A stream of events does not end by itself.
      const until = lasting ? request.server.whileAllowed(request, reply) : undefined;
      await exchange(lasting ? replica.streams : replica.pool, outgoing, reply, until);
      return;
    } catch (error) {
      if (reply.sent) {
        // The client is told by the cut connection; who operates the platform, by the log.
        if (!(error instanceof ClientGone)) {
          request.log.warn({ err: error, service, requestId: request.id }, `${service} broke off its answer`);
        }
        return;
      }
      if (error instanceof ClientGone || request.raw.errored !== null) {
        reply.hijack();
        return;
      }
      if (body?.problem !== undefined) throw body.problem;
      const refused = refusals.has(codeOf(error));
      if (refused) replicas.avoid(replica);
      else failure = explain(service, replica, error);
      if (!refused && !(mayRepeat && failure?.status === 502)) throw failure;
      tried.add(replica);
    }
  }
};

const unavailable = (service: string, tried: ReadonlySet<Replica>) =>
  new ServiceError(503, 'gateway.service_unavailable', `The service ${service} is not available.`, {
    details: { service, replicas: tried.size },
    headers: { 'retry-after': '2' },
  });

const explain = (service: string, { url }: Replica, error: unknown): ServiceError =>
  codeOf(error) === 'UND_ERR_HEADERS_TIMEOUT'
    ? new ServiceError(504, 'gateway.service_timeout', `The service ${service} did not answer in time.`, {
        details: { service },
        cause: error,
      })
    : new ServiceError(502, 'gateway.service_failed', `The service ${service} broke off before it answered.`, {
        details: { service },
        cause: new Error(`${url} failed`, { cause: error }),
      });

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
};
