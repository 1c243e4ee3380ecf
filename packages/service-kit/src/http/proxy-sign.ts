import type { IncomingHttpHeaders } from 'node:http';

/** What reverse proxies and networks of them add of their own, and programs that call this machine do not. */
const ofProxies =
  /^(via|forwarded|x-real-ip|x-forwarded-.+|x-original-forwarded-for|(x-(cluster-)?|true-)client-ip|cdn-loop|cf-.+)$/;

/**
 * What shows that a call was passed on by a proxy: a header of one, or HTTP/1.0 with a connection that ends, which is how nginx passes on
 * what comes unless it is told otherwise.
 *
 * @returns undefined when nothing shows; a proxy that is told to hide cannot be seen
 */
export const proxySign = ({
  headers,
  httpVersion,
}: {
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: string;
}): string | undefined => {
  for (const name in headers) if (ofProxies.test(name)) return name;
  const lasts = /\bkeep-alive\b/i.test(headers.connection ?? '');
  return httpVersion === '1.0' && !lasts ? 'HTTP/1.0' : undefined;
};
