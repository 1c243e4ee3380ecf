import { ServiceError } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';

/** The body of a request on its way to a service. */
export interface RequestBody {
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
    async *chunks() {
      let size = 0;
      for await (const chunk of raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maximumBytes) {
          problem = tooLarge(service, maximumBytes);
          throw problem;
        }
        yield chunk;
      }
    },
    get problem() {
      return problem;
    },
  };
};

const tooLarge = (service: string, maximumBytes: number) =>
  new ServiceError(
    413,
    'gateway.too_large',
    `The body is larger than ${maximumBytes} bytes, which is the most that ${service} takes here.`,
    { details: { maximum_bytes: maximumBytes } },
  );
