import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** One server-sent event (WHATWG HTML, 9.2). */
export interface ServerSentEvent {
  readonly event?: string;
  readonly id?: string;
  /** Sent as JSON. */
  readonly data: unknown;
}

const heartbeatMs = 15_000;

/**
 * Answers with a stream of events until the source ends or the client goes. A comment now and then keeps proxies from
 * closing a quiet connection; a slow client slows its own source only.
 */
export const sendEvents = (
  request: Pick<FastifyRequest, 'raw' | 'server'>,
  reply: FastifyReply,
  source: (signal: AbortSignal) => AsyncIterable<ServerSentEvent>,
): FastifyReply => {
  const gone = new AbortController();
  request.raw.once('close', () => gone.abort());
  reply.raw.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, request.server.closing]);
  const stream = Readable.from(frames(source(signal)), { objectMode: false, highWaterMark: 16 * 1024 });
  const heartbeat = setInterval(() => {
    if (!stream.destroyed && reply.raw.writable && !reply.raw.writableNeedDrain) reply.raw.write(':\n\n');
  }, heartbeatMs);
  stream.once('close', () => clearInterval(heartbeat));
  gone.signal.addEventListener('abort', () => stream.destroy());
  request.server.closing.addEventListener('abort', () => stream.push(null), { once: true });
  return reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    .send(stream);
};

async function* frames(events: AsyncIterable<ServerSentEvent>): AsyncGenerator<string> {
  yield ':\n\n';
  for await (const { event, id, data } of events) {
    const lines = [event && `event: ${event}`, id && `id: ${id}`, `data: ${JSON.stringify(data)}`].filter(Boolean);
    yield `${lines.join('\n')}\n\n`;
  }
}
