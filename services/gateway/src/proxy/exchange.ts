import { lingerForBody } from '@vindima/service-kit';
import type { FastifyReply } from 'fastify';
import type { Dispatcher, Pool } from 'undici';
import { answerHeaders, ownHeaders, type PassedHeaders } from './headers.ts';

/** The client went away; nobody waits for an answer any more. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

export interface Outgoing {
  readonly path: string;
  readonly method: string;
  readonly headers: PassedHeaders;
  readonly body: Buffer | AsyncIterable<Buffer> | undefined;
}

/**
 * One request to one replica, its answer written to the client as it comes; a slow client slows the service. Rejects with what went
 * wrong; when a part of the answer was out already, the client's connection is cut, as nothing else can be said.
 *
 * @param until ends the answer where it is
 */
export const exchange = (
  pool: Pool,
  outgoing: Outgoing,
  reply: FastifyReply,
  until: AbortSignal | undefined,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const { raw } = reply;
    let running: Dispatcher.DispatchController | undefined;
    const onClose = () => running?.abort(new ClientGone('the client has gone'));
    const onEnd = () => running?.abort(new ClientGone('the gateway stops, or the client may not watch any more'));
    const onDrain = () => running?.resume();
    const settle = () => {
      raw.off('close', onClose);
      raw.off('drain', onDrain);
      until?.removeEventListener('abort', onEnd);
    };
    raw.once('close', onClose);
    raw.on('drain', onDrain);
    until?.addEventListener('abort', onEnd);
    const { path, headers, body } = outgoing;
    pool.dispatch(
      { path, headers, method: outgoing.method as Dispatcher.HttpMethod, body: (body ?? null) as null },
      {
        onRequestStart: (controller) => {
          running = controller;
          if (raw.destroyed) onClose();
        },
        onResponseStart: (_, status, answer) => {
          if (status < 200) return;
          reply.hijack();
          raw.writeHead(status, answerHeaders(ownHeaders(reply.request, reply), answer));
        },
        onResponseData: (controller, chunk) => {
          if (!raw.write(chunk)) controller.pause();
        },
        onResponseEnd: () => {
          settle();
          lingerForBody(reply.request.raw, raw);
          raw.end();
          resolve();
        },
        onResponseError: (_, error) => {
          settle();
          if (raw.headersSent) raw.destroy();
          reject(error);
        },
      },
    );
  });
