import type { IncomingHttpHeaders } from 'node:http';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);
const loopbackAddresses = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Whether a `HOST` to listen on, or the address of a caller, is of this machine alone. */
export const isLoopback = (host: string): boolean => loopbackAddresses.has(host) || host === 'localhost';

/**
 * Whether a call to a loopback address may come from a web page elsewhere that a browser on this machine shows. Such a page can send requests
 * here, but its browser says so (`Origin`, `Sec-Fetch-Site`), and a name of its own that it has pointed at this address (DNS rebinding) shows
 * in `Host`.
 */
export const mayBeForeignPage = ({
  headers,
  method,
}: {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
}): boolean => {
  const { host, origin, 'sec-fetch-site': site } = headers;
  if (!loopbackNames.has((host ?? '').replace(/:\d+$/, '').toLowerCase())) return true;
  if (origin !== undefined && origin !== `http://${host}`) return true;
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  // A link elsewhere that somebody followed: it shows them something and changes nothing.
  return !(headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' && method === 'GET');
};
