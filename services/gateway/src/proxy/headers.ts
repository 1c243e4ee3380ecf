import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeader } from 'node:http';
import { asSeenOutside, callerHeaders } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Standing, standingHeaders, standingNames } from '../access/request-limit.ts';
import { asCaller } from '../auth/principal.ts';
import { securityHeaders } from '../security.ts';

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
/** What a service does not get of the client: also what is the gateway's alone to say, or nobody's business behind it. */
const notPassedOn = new Set([
  ...hopByHop,
  'host',
  'authorization',
  'x-api-key',
  'x-internal-token',
  'x-vindima-user',
  'x-vindima-role',
  'x-vindima-scopes',
  'cookie',
  'x-request-id',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-real-ip',
  'via',
  // Whose pages may call is decided here; to a service they would be of another place.
  'origin',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
]);

/** What a service gets as the headers of a request. */
export type PassedHeaders = Record<string, string | string[]>;

/** Names in lower case, as Node and Fastify have them. */
export type AnswerHeaders = Readonly<Record<string, OutgoingHttpHeader | undefined>>;

/** The headers that a service gets: the client's, without credentials, with who it is and what the request is called. */
export const requestHeaders = (request: FastifyRequest, internalToken: string | undefined): PassedHeaders => {
  const headers: PassedHeaders = {};
  const given = request.headers;
  const named = connectionNames(given);
  for (const name in given) {
    const value = given[name];
    if (value !== undefined && !notPassedOn.has(name) && !named?.has(name)) headers[name] = value;
  }
  headers['x-request-id'] = request.id;
  const { name, role, scopes } = asCaller(request.principal);
  headers[callerHeaders.name] = name;
  if (role !== undefined) headers[callerHeaders.role] = role;
  headers[callerHeaders.scopes] = scopes.join(' ');
  headers['x-forwarded-for'] = request.ip;
  headers['x-forwarded-proto'] = request.protocol;
  headers['x-forwarded-host'] = request.host;
  headers.traceparent ??= newTrace(given['x-request-id'] === undefined ? request.id : randomUUID());
  if (internalToken !== undefined) headers['x-internal-token'] = internalToken;
  return headers;
};

/** What the gateway itself says on an answer that it passes on. */
export interface OwnHeaders {
  readonly requestId: string;
  readonly standing: Standing | undefined;
  /** The path below which a proxy serves the platform. */
  readonly base: string;
  /** What plugins (CORS) have set. */
  readonly reply: AnswerHeaders;
}

export const ownHeaders = ({ id, standing, server }: FastifyRequest, reply: FastifyReply): OwnHeaders => ({
  requestId: id,
  standing,
  base: server.publicBase,
  reply: reply.getHeaders(),
});

const securityList = Object.entries(securityHeaders).flat();
/** What a service does not say to a client: also what is the gateway's alone to say. */
const notPassedBack = new Set<string>([...hopByHop, 'x-request-id', ...Object.keys(securityHeaders), ...standingNames]);

/**
 * The headers that the client gets, names and values in turn: the service's without those of the connection, and the gateway's own,
 * which win. A list, as Node takes it as it is.
 */
export const answerHeaders = ({ requestId, standing, base, reply }: OwnHeaders, answer: AnswerHeaders): string[] => {
  const list: OutgoingHttpHeader[] = ['x-request-id', requestId, ...securityList];
  const named = connectionNames(answer);
  for (const name in answer) {
    const value = answer[name];
    if (value === undefined || notPassedBack.has(name) || named?.has(name)) continue;
    if (reply[name] === undefined) list.push(name, asSeenOutside(name, value, base));
    else if (name === 'vary') list.push(name, `${value}, ${reply.vary}`);
  }
  for (const name in reply) {
    const value = reply[name];
    if (value !== undefined && !(name === 'vary' && answer.vary !== undefined)) list.push(name, value);
  }
  if (standing !== undefined) {
    const told = standingHeaders(standing);
    for (const name of standingNames) list.push(name, told[name]);
  }
  // Node's types have not heard of values that are numbers or lists here.
  return list as string[];
};

/** Headers that `Connection` declares to be of this connection too. */
const connectionNames = ({ connection }: { readonly connection?: OutgoingHttpHeader | undefined }) =>
  typeof connection !== 'string' || /^(keep-alive|close)$/i.test(connection)
    ? undefined
    : new Set(connection.split(',').map((name) => name.trim().toLowerCase()));

/**
 * A trace that begins here (W3C Trace Context), named like the request unless the client named that. UUIDs are random enough, and made ahead in
 * batches; a half of one tells its first span.
 */
const newTrace = (uuid: string) => {
  const span = `${uuid.slice(19, 23)}${uuid.slice(24)}`;
  return `00-${uuid.slice(0, 8)}${uuid.slice(9, 13)}${uuid.slice(14, 18)}${span}-${span}-01`;
};
