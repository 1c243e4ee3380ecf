import type { FastifyRequest } from 'fastify';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);
const loopbackAddresses = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Whether a `HOST` is reachable from this machine alone. */
export const isLoopback = (host: string): boolean => loopbackAddresses.has(host) || host === 'localhost';

/**
 * Whether a call without credentials comes from a person or program on this machine, and not from a web page elsewhere that a
 * browser on this machine shows: such a page can send requests here, but its browser says so (`Origin`, `Sec-Fetch-Site`),
 * and a name of its own that it has pointed at this address (DNS rebinding) shows in `Host`. What another proxy passes on is not
 * from this machine either.
 */
export const isLocalCall = ({
  headers,
  socket,
  method,
}: Pick<FastifyRequest, 'headers' | 'socket' | 'method'>): boolean => {
  if (!loopbackAddresses.has(socket.remoteAddress ?? '')) return false;
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  if (!loopbackNames.has(hostName(headers.host))) return false;
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${headers.host}`) return false;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  // A link elsewhere that somebody followed: it shows them something and changes nothing.
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' && method === 'GET';
};

const hostName = (host: string | undefined) => (host ?? '').replace(/:\d+$/, '').toLowerCase();
