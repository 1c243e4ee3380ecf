import { ServiceError } from '@vindima/contracts';
import { Agent, request } from 'undici';
import { isPublicAddress, PrivateAddressError, publicLookup } from './public-addresses.ts';

export interface PictureFetcherOptions {
  readonly maximumBytes: number;
  /** For people who run everything in a network of their own, and for tests. */
  readonly allowPrivateAddresses: boolean;
  /** For the whole of it, redirects included. */
  readonly timeoutMs?: number;
}

/** Gets a file from a URL that a caller named. */
export interface PictureFetcher {
  /** @throws ServiceError 400, 413, 422, 502 or 504, all `images.url_...` */
  fetch(url: string, signal: AbortSignal): Promise<Buffer>;
  close(): Promise<void>;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 5;
/** Of a body that is of no interest; a connection with more to come is closed. */
const unreadBytes = 16 * 1024;

const refused = (url: URL) =>
  new ServiceError(400, 'images.url_not_public', `The address of ${url.hostname} is not public.`, {
    details: { url: url.href },
  });

const failed = (url: URL, reason: string, details: Record<string, unknown> = {}, cause?: unknown) =>
  new ServiceError(422, 'images.url_failed', `${url.origin} did not give the picture: ${reason}.`, {
    details: { url: url.href, reason, ...details },
    cause,
  });

const parse = (text: string, base?: URL): URL => {
  const url = URL.parse(text, base?.href);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ServiceError(400, 'images.invalid_url', 'The url must begin with http:// or https:// and name no user.', {
      details: { url: text.slice(0, 200) },
    });
  }
  return url;
};

const errorCode = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

export const createPictureFetcher = (options: PictureFetcherOptions): PictureFetcher => {
  const { maximumBytes, allowPrivateAddresses, timeoutMs = 20_000 } = options;
  const agent = new Agent({
    connect: { timeout: 5000, ...(allowPrivateAddresses ? {} : { lookup: publicLookup }) },
    maxHeaderSize: 16 * 1024,
    // A connection made for one caller's name is not worth keeping.
    keepAliveTimeout: 1000,
  });

  /** An address as host is connected to without a lookup. */
  const checkHost = (url: URL): void => {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const isAddress = /^[\d.]+$/.test(host) || host.includes(':');
    if (!allowPrivateAddresses && isAddress && !isPublicAddress(host)) throw refused(url);
  };

  const readBounded = async (url: URL, body: AsyncIterable<Buffer>): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maximumBytes) {
        throw new ServiceError(
          413,
          'images.too_large',
          `The file at ${url.origin} is larger than ${maximumBytes} bytes.`,
          {
            details: { maximum_bytes: maximumBytes },
          },
        );
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  };

  const get = async (url: URL, signal: AbortSignal): Promise<Buffer | URL> => {
    checkHost(url);
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      signal,
      headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'vindima/0.1' },
    });
    if (redirects.has(statusCode)) {
      await body.dump({ limit: unreadBytes, signal });
      return parse(String(headers.location ?? ''), url);
    }
    if (statusCode !== 200) {
      await body.dump({ limit: unreadBytes, signal });
      throw failed(url, `it answered ${statusCode}`, { upstream_status: statusCode });
    }
    return readBounded(url, body);
  };

  const explain = (url: URL, error: unknown, timeout: AbortSignal, signal: AbortSignal): unknown => {
    if (error instanceof ServiceError || signal.aborted) return error;
    if (timeout.aborted) {
      return new ServiceError(
        504,
        'images.url_timeout',
        `${url.origin} did not give the picture within ${timeoutMs} ms.`,
        {
          details: { url: url.href },
        },
      );
    }
    if (error instanceof PrivateAddressError) return refused(url);
    const code = errorCode(error);
    return failed(
      url,
      code === 'ENOTFOUND' ? 'there is no such name' : `the connection failed (${code || 'no reason given'})`,
      {},
      error,
    );
  };

  return {
    async fetch(text, signal) {
      const timeout = AbortSignal.timeout(timeoutMs);
      let url = parse(text);
      for (let hop = 0; hop <= mostRedirects; hop++) {
        try {
          const result = await get(url, AbortSignal.any([timeout, signal]));
          if (Buffer.isBuffer(result)) return result;
          url = result;
        } catch (error) {
          throw explain(url, error, timeout, signal);
        }
      }
      throw failed(url, `it redirected more than ${mostRedirects} times`);
    },
    close: () => agent.destroy(),
  };
};
