import type { FastifyRequest } from 'fastify';

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a page of another site may have made a browser send this request, with what the browser shows by itself. Reading is no danger, as the
 * page does not see the answer. Browsers say where a request that changes something comes from (`Sec-Fetch-Site`, over plain HTTP `Origin` alone).
 *
 * @param ownOrigin the platform's, as `PUBLIC_URL` says it
 */
export const mayBeForged = (
  { method, headers, protocol, host }: Pick<FastifyRequest, 'method' | 'headers' | 'protocol' | 'host'>,
  ownOrigin: string | undefined,
): boolean => {
  if (readingMethods.has(method)) return false;
  const { origin, 'sec-fetch-site': site } = headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && origin !== ownOrigin && origin !== `${protocol}://${host}`;
};
