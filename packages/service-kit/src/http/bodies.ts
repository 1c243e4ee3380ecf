import type { Readable } from 'node:stream';
import { ServiceError } from '@vindima/contracts';
import { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

export interface BodyTimes {
  /** How long a body may send nothing. Default 30 s. */
  readonly stallMs?: number;
  /** How long a small body may take in all. Default 30 s. */
  readonly smallMs?: number;
}

/** Of a body that has to be here within `smallMs`. */
const smallBytes = 1024 * 1024;

interface Coming {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly since: number;
  readonly isSmall: boolean;
  bytes: number;
  heard: number;
}

/** Bodies end: whoever sends nothing for a while, or a small body too slowly, is answered 408. */
export const registerBodyTimes = (app: FastifyInstance, service: string, times: BodyTimes = {}): void => {
  const { stallMs = 30_000, smallMs = 30_000 } = times;
  // One timer looks at all of them: most bodies are here before a timer of their own would have been set.
  const coming = new Set<Coming>();
  const places = new WeakMap<FastifyRequest, Coming>();

  app.addHook('onRequest', (request, reply, done) => {
    const { headers, raw } = request;
    if (!raw.complete && (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)) {
      const now = Date.now();
      const isSmall = (request.routeOptions.bodyLimit ?? smallBytes) <= smallBytes;
      const entry = { request, reply, since: now, isSmall, bytes: raw.socket.bytesRead, heard: now };
      coming.add(entry);
      places.set(request, entry);
    }
    done();
  });
  app.addHook('onResponse', (request, _, done) => {
    const entry = places.get(request);
    if (entry !== undefined) coming.delete(entry);
    done();
  });

  const look = () => {
    const now = Date.now();
    for (const entry of coming) {
      const { raw } = entry.request;
      // A body that was handed over to a neighbour is the neighbour's to watch; what was answered already lingers for a moment only.
      if (raw.complete || raw.destroyed || entry.reply.sent) {
        coming.delete(entry);
        continue;
      }
      // What waits here waits for us.
      if (raw.socket.bytesRead !== entry.bytes || raw.readableLength > 0) {
        entry.bytes = raw.socket.bytesRead;
        entry.heard = now;
      }
      const isLate = entry.isSmall && raw.readableLength === 0 && now - entry.since > smallMs;
      if (!isLate && now - entry.heard <= stallMs) continue;
      coming.delete(entry);
      void entry.reply.send(
        new ServiceError(408, `${service}.request_timeout`, 'The body of the request did not come whole in time.'),
      );
    }
  };
  const timer = setInterval(look, Math.max(10, Math.min(1000, stallMs / 4, smallMs / 4))).unref();
  app.addHook('onClose', async () => clearInterval(timer));
};

/** Refuses forms that are compressed: their parser reads the connection itself. */
export const refuseCompressedForms = (app: FastifyInstance, service: string): void => {
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { 'content-encoding': encoding, 'content-type': type } = request.headers;
    if (encoding === undefined || encoding === 'identity' || !/^multipart\//i.test(type ?? '')) {
      done(null, payload);
      return;
    }
    done(
      new ServiceError(415, `${service}.unsupported_media_type`, 'A form is sent uncompressed; a file in it may be.'),
    );
  });
};

/** Of a type that no route takes, or of none. A body that is sent in chunks may turn out to be empty, and is none then. */
export const refuseUnlessEmpty = (
  request: FastifyRequest,
  body: Readable,
  done: (error: Error | null) => void,
): void => {
  const settle = (error: Error | null) => {
    body.off('end', end).off('data', refuse).off('error', settle);
    // The rest is thrown away as it comes, and not decompressed first.
    request.raw.unpipe();
    body.on('error', () => {});
    done(error);
  };
  const end = () => settle(null);
  const refuse = () => {
    body.pause();
    settle(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type'] ?? ''));
  };
  body.on('end', end).on('data', refuse).on('error', settle);
  if (Number(request.headers['content-length'] ?? 0) > 0) refuse();
  // A stream that decompresses waits until it is told to begin.
  else body.resume();
};
