import { LRUCache } from 'lru-cache';

/** How a caller stands after a request. */
export interface LimitState {
  readonly remaining: number;
  /** Until their window ends. */
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

interface Window {
  requests: number;
  /** On the clock of `performance.now()`. */
  readonly end: number;
}

/** So many callers are remembered; who has not called for longest is forgotten first. */
const mostCallers = 20_000;

/** Counts the requests of each caller in windows that begin with their first one. In memory: every replica counts for itself. */
export const createRequestLimit = (most: number, windowSeconds: number) => {
  const windows = new LRUCache<string, Window>({ max: mostCallers });
  return {
    count: (caller: string): LimitState => {
      const now = performance.now();
      let window = windows.get(caller);
      if (window === undefined || window.end <= now) {
        window = { requests: 0, end: now + windowSeconds * 1000 };
        windows.set(caller, window);
      }
      window.requests += 1;
      return {
        remaining: Math.max(0, most - window.requests),
        resetSeconds: Math.ceil((window.end - now) / 1000),
        isExceeded: window.requests > most,
      };
    },
  };
};
