import type { Server } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AnswerHeaders, answerHeaders, ownHeaders, type PassedHeaders } from './headers.ts';

/** A service that runs in this very process. */
export interface Neighbour {
  /** Where it is reached from outside. */
  readonly url: string;
  /** What `Host` says to it. */
  readonly host: string;
  readonly server: Server;
}

/**
 * Gives a request to a service of this process: its server takes it as if it had come in at its own port, and writes its answer to the
 * client itself. No connection lies between, so nothing is sent twice, and nothing of a connection can fail.
 *
 * @param headers what the service gets instead of the client's
 */
export const handOver = (
  server: Server,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: PassedHeaders,
): void => {
  const { raw: incoming } = request;
  const { raw: outgoing } = reply;
  const own = ownHeaders(request, reply);
  reply.hijack();
  incoming.headers = headers;
  const { writeHead } = outgoing;
  outgoing.writeHead = (status: number, ...rest: unknown[]) => {
    const last = rest.at(-1);
    const given = typeof last === 'object' ? (last as AnswerHeaders) : {};
    const answer = outgoing.getHeaderNames().length === 0 ? given : { ...outgoing.getHeaders(), ...given };
    return writeHead.call(outgoing, status, answerHeaders(own, answer));
  };
  server.emit('request', incoming, outgoing);
};
