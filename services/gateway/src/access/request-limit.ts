import { LRUCache } from 'lru-cache';

/** How a caller stands after a request. */
export interface Standing {
  /** Requests in a window. */
  readonly most: number;
  /** What the limit is, as the header says it. */
  readonly policy: string;
  readonly remaining: number;
  /** Until their window ends. */
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

/**
 * Says how much of the limit is left, as draft-ietf-httpapi-ratelimit-headers-10 writes it and, for clients that are older, as its sixth
 * draft did.
 */
export const standingHeaders = ({ most, policy, remaining, resetSeconds }: Standing) =>
  ({
    'ratelimit-policy': policy,
    ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
    'ratelimit-limit': most,
    'ratelimit-remaining': remaining,
    'ratelimit-reset': resetSeconds,
  }) as const;
export const standingNames = [
  'ratelimit-policy',
  'ratelimit',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
] as const;

interface Window {
  requests: number;
  /** On the clock of `performance.now()`. */
  readonly end: number;
}

/** So many callers are remembered; who has not called for longest is forgotten first. */
const mostCallers = 20_000;

/** Counts the requests of each caller in windows that begin with their first one. In memory: every replica counts for itself. */
export const createRequestLimit = (most: number, windowSeconds: number) => {
  const policy = `"default";q=${most};w=${windowSeconds}`;
  const windows = new LRUCache<string, Window>({ max: mostCallers });
  return {
    count: (caller: string): Standing => {
      const now = performance.now();
      let window = windows.get(caller);
      if (window === undefined || window.end <= now) {
        window = { requests: 0, end: now + windowSeconds * 1000 };
        windows.set(caller, window);
      }
      window.requests += 1;
      return {
        most,
        policy,
        remaining: Math.max(0, most - window.requests),
        resetSeconds: Math.ceil((window.end - now) / 1000),
        isExceeded: window.requests > most,
      };
    },
  };
};
