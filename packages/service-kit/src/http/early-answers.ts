import type { FastifyInstance } from 'fastify';

/** How long whoever was answered before their body was read may go on sending. */
const lingerMs = 5_000;

/**
 * Lets an answer that comes before the end of a body reach the client (413, 401, ...). Closing the connection at once would reset it
 * while the client still writes, and most clients then never see why. What still comes is thrown away for a few seconds.
 */
export const registerEarlyAnswers = (app: FastifyInstance): void => {
  app.addHook('onSend', (request, reply, payload, done) => {
    const { raw } = request;
    // A request without a body is not complete either while a handler answers at once, but nothing more will come.
    const hasBody = raw.headers['content-length'] !== undefined || raw.headers['transfer-encoding'] !== undefined;
    if (hasBody && !raw.complete) {
      reply.removeHeader('connection');
      reply.raw.once('finish', () => {
        // Not there in `app.inject()`.
        const { socket }: { socket: Partial<typeof raw.socket> } = raw;
        const timer = setTimeout(() => socket.destroy?.(), lingerMs).unref();
        raw.once('end', () => clearTimeout(timer));
        raw.once('close', () => clearTimeout(timer));
        raw.resume();
      });
    }
    done(null, payload);
  });
};
