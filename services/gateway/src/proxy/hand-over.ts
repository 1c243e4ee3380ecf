import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AnswerHeaders, answerHeaders, type OwnHeaders, ownHeaders, type PassedHeaders } from './headers.ts';

/** A service that runs in this very process. */
export interface Neighbour {
  /** Where it is reached from outside. */
  readonly url: string;
  /** What `Host` says to it. */
  readonly host: string;
  readonly server: Server;
}

/** A response of the gateway's server: where a service of this process writes its head, it says what the gateway says, too. */
export class GatewayResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** Set when it is handed over. */
  own: OwnHeaders | undefined = undefined;

  override writeHead(status: number, ...rest: unknown[]): this {
    if (this.own === undefined) return super.writeHead(status, ...(rest as []));
    const last = rest.at(-1);
    const given = typeof last === 'object' ? (last as AnswerHeaders) : {};
    const answer = this.getHeaderNames().length === 0 ? given : { ...this.getHeaders(), ...given };
    return super.writeHead(status, answerHeaders(this.own, answer));
  }
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
  (outgoing as GatewayResponse).own = ownHeaders(request, reply);
  reply.hijack();
  incoming.headers = headers;
  server.emit('request', incoming, outgoing);
};
