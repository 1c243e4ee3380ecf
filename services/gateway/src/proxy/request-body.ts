import { ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';

/** Of a body that is not worth a stream. */
const smallBytes = 16 * 1024;

/** The body of a request on its way to a service. */
export interface RequestBody {
  /** Whether the client said beforehand how long it is, which HTTP then holds it to. */
  readonly hasLength: boolean;
  /** The bytes as they come in. Can be asked for again as long as nothing was read. */
  chunks(): AsyncIterable<Buffer>;
  /** Why the body cannot be passed on in whole; the service has seen a part of it then. */
  readonly problem: ServiceError | undefined;
}

/**
 * Whether the request has a body, and its bytes. They are counted where the length is not known beforehand. The client's
 * connection stays usable for an answer whatever happens on the service's side.
 *
 * @throws ServiceError 413 when the declared length is too much
 */
export const requestBody = (
  { headers, raw }: FastifyRequest,
  service: string,
  maximumBytes: number,
): RequestBody | undefined => {
  const length = headers['content-length'];
  if (length === undefined && headers['transfer-encoding'] === undefined) return undefined;
  if (Number(length ?? 0) > maximumBytes) throw tooLarge(service, maximumBytes);
  let problem: ServiceError | undefined;
  return {
    hasLength: length !== undefined,
    async *chunks() {
      let size = 0;
      try {
        for await (const chunk of raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
          size += chunk.length;
          if (size > maximumBytes) {
            problem = tooLarge(service, maximumBytes);
            throw problem;
          }
          yield chunk;
        }
      } finally {
        // What nobody wants any more is thrown away, so that the client can go on to its next request.
        raw.resume();
      }
    },
    get problem() {
      return problem;
    },
  };
};

/**
 * The whole of a body that is small by its declared length, as it takes one write then and can be sent again; undefined for all others.
 * When the client goes meanwhile, `raw.errored` says so.
 */
export const smallBody = ({ headers, raw }: FastifyRequest): Promise<Buffer> | undefined => {
  const length = Number(headers['content-length'] ?? 0);
  if (!(length > 0 && length <= smallBytes)) return undefined;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const done = () => resolve(Buffer.concat(chunks));
    raw.on('data', (chunk: Buffer) => chunks.push(chunk));
    raw.once('end', done);
    raw.once('error', done);
  });
};

const tooLarge = (service: string, maximumBytes: number) =>
  new ServiceError(
    413,
    'gateway.too_large',
    `The body is larger than ${maximumBytes} bytes, which is the most that ${service} takes here.`,
    { details: { maximum_bytes: maximumBytes } },
  );
