import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@vindima/contracts';
import type { Dispatcher, FormData } from 'undici';
import { readBody } from './read-body.ts';
import { retryDelay } from './retry-delay.ts';

export interface UpstreamRequest {
  /** The upstream's name for people, as errors show it: `VitiBrasil`. */
  readonly upstream: string;
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Record<string, string>;
  /** `FormData` is undici's, as exported by this package. */
  readonly body?: string | Uint8Array | FormData;
  /** For one attempt, from the first byte sent to the last one read. Default 30 s. */
  readonly timeoutMs?: number;
  /** Of the decoded body. Default 32 MiB. */
  readonly maximumBytes?: number;
  /** Attempts after the first. Default 3 for GET, PUT and DELETE, 0 for POST, which may not be safe to repeat. */
  readonly retries?: number;
  /** Answers with these statuses are returned instead of thrown, besides 2xx and 304. */
  readonly accept?: readonly number[];
  /** Ends the request and its retries. */
  readonly signal?: AbortSignal;
}

export interface UpstreamResponse {
  readonly status: number;
  /** Lower-case names; a repeated header is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: string;
}

/** Why an attempt failed; `retryable` failures are tried again. */
interface Failure {
  readonly status: 502 | 504;
  readonly reason: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly upstreamStatus?: number;
  readonly cause?: unknown;
}

const retryableStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);
const timeoutCodes = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * One request to a public API, as every service makes them: bounded in time and size, retried with backoff and jitter
 * (or after the server's `Retry-After`), every failure naming the upstream and the URL.
 *
 * @throws ServiceError 502 `upstream.failed` or 504 `upstream.timeout` with `details` {upstream, url, attempts, reason,
 * upstream_status?}; the abort reason when `signal` was aborted.
 */
export const requestUpstream = async (dispatcher: Dispatcher, request: UpstreamRequest): Promise<UpstreamResponse> => {
  const retries = request.retries ?? (request.method === 'POST' ? 0 : 3);
  for (let attempt = 1; ; attempt++) {
    const answer = await tryOnce(dispatcher, request);
    if (!('reason' in answer)) return answer;
    if (!answer.retryable || attempt > retries) throw toServiceError(request, answer, attempt);
    await sleep(retryDelay(attempt, answer.retryAfterMs), undefined, request.signal && { signal: request.signal });
  }
};

const tryOnce = async (dispatcher: Dispatcher, request: UpstreamRequest): Promise<UpstreamResponse | Failure> => {
  const timeoutMs = request.timeoutMs ?? 30_000;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
  try {
    const response = await dispatcher.request({
      ...target(request.url),
      method: request.method ?? 'GET',
      headers: { 'accept-encoding': 'gzip, br', 'user-agent': 'vindima/0.1', ...request.headers },
      body: request.body ?? null,
      signal,
    });
    const status = response.statusCode;
    const headers = flatten(response.headers);
    if ((status >= 200 && status < 300) || status === 304 || request.accept?.includes(status)) {
      const body = await readBody(response.body, headers, request.maximumBytes ?? 32 * 1024 * 1024);
      if (body === 'too large') {
        return { status: 502, reason: `its answer is larger than ${request.maximumBytes} bytes`, retryable: false };
      }
      return { status, headers, body, url: finalUrl(response.context, request.url) };
    }
    await response.body.dump({ limit: 64 * 1024, signal });
    const retryAfterMs = parseRetryAfter(headers['retry-after']);
    return {
      status: 502,
      reason: `it answered ${status}`,
      upstreamStatus: status,
      retryable: retryableStatuses.has(status),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  } catch (cause) {
    request.signal?.throwIfAborted();
    const code = errorCode(cause);
    if (timeout.aborted || timeoutCodes.has(code)) {
      return { status: 504, reason: `it did not answer within ${timeoutMs} ms`, retryable: true, cause };
    }
    return { status: 502, reason: describe(cause, code), retryable: !code.startsWith('ERR_INVALID'), cause };
  }
};

const toServiceError = (request: UpstreamRequest, failure: Failure, attempts: number) =>
  new ServiceError(
    failure.status,
    failure.status === 504 ? 'upstream.timeout' : 'upstream.failed',
    `${request.upstream} failed: ${failure.reason} (${withoutCredentials(request.url)}).`,
    {
      details: {
        upstream: request.upstream,
        url: withoutCredentials(request.url),
        attempts,
        reason: failure.reason,
        ...(failure.upstreamStatus === undefined ? {} : { upstream_status: failure.upstreamStatus }),
      },
      cause: failure.cause,
    },
  );

const target = (address: string) => {
  const url = new URL(address);
  return { origin: url.origin, path: url.pathname + url.search };
};

const withoutCredentials = (address: string) => {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
};

const flatten = (headers: Record<string, string | string[] | undefined>) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

const finalUrl = (context: object, fallback: string) => {
  const history = 'history' in context && Array.isArray(context.history) ? context.history : [];
  return String(history.at(-1) ?? fallback);
};

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from now. */
const parseRetryAfter = (value: string | undefined) => {
  if (value === undefined) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
};

const errorCode = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const describe = (error: unknown, code: string) => {
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name could not be resolved';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET')
    return 'the connection was closed before the answer was complete';
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'its answer was cut short';
  return error instanceof Error ? error.message : String(error);
};
