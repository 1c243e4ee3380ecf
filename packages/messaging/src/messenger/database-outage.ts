import type { Database } from '@vindima/database';
import { delay } from '../delay.ts';

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/**
 * Waits for a database that does not answer, for as long as it takes or until the signal is aborted.
 * @returns whether it had been away
 */
export const untilAvailable = async (
  database: Pick<Database<unknown>, 'check'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<boolean> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await database.check();
      return attempt > 0;
    } catch {
      // Whoever owns the database reports it; the signal ends the wait.
      if (signal.aborted) return false;
      await delay(Math.min(longestPauseMs, firstPauseMs * 2 ** attempt), signal);
    }
  }
};
