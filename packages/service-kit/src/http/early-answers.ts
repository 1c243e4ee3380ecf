import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** How long whoever was answered before their body was read may go on sending. */
const lingerMs = 5_000;

/**
 * Lets an answer that comes before the end of the request's body reach the client (413, 401, ...). Closing the connection at once would reset it
 * while the client still writes, and most clients then never see why. What still comes is thrown away for a few seconds. To be called before
 * the answer ends.
 *
 * @returns whether the body has not ended
 */
export const lingerForBody = (request: IncomingMessage, response: ServerResponse): boolean => {
  const { headers, complete } = request;
  // A request without a body is not complete either while a handler answers at once, but nothing more will come.
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  if (!hasBody || complete) return false;
  response.once('finish', () => {
    // Not there in `app.inject()`.
    const { socket }: { socket: Partial<typeof request.socket> } = request;
    const timer = setTimeout(() => socket.destroy?.(), lingerMs).unref();
    request.once('end', () => clearTimeout(timer));
    request.once('close', () => clearTimeout(timer));
    request.resume();
  });
  return true;
};

/** Lets early answers of the service itself reach the client. */
export const registerEarlyAnswers = (app: FastifyInstance): void => {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (lingerForBody(request.raw, reply.raw)) reply.removeHeader('connection');
    done(null, payload);
  });
};
