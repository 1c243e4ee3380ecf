const firstMs = 250;
const longestMs = 15_000;

/**
 * How long to wait before the next attempt: what the server asked for, up to a bound, else exponential backoff with full
 * jitter (Brooker, "Exponential Backoff And Jitter", 2015).
 *
 * @param attempt the attempt that failed, from 1
 * @returns milliseconds
 */
export const retryDelay = (attempt: number, retryAfterMs?: number): number => {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, longestMs);
  const ceiling = Math.min(firstMs * 2 ** (attempt - 1), longestMs);
  return ceiling / 2 + (Math.random() * ceiling) / 2;
};
