import { setTimeout as delay } from 'node:timers/promises';
import { isSqliteBusy } from '../errors.ts';

/** How long to wait for a lock that another process holds, in milliseconds. */
const BUSY_MS = 10_000;
const LONGEST_PAUSE_MS = 50;

/**
 * Runs one statement, again and again while another process holds the file. SQLite's own busy_timeout would block the
 * event loop while it waits; this lets it turn.
 */
export async function untilFree<Result>(run: () => Result): Promise<Result> {
  const deadline = performance.now() + BUSY_MS;
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return run();
    } catch (error) {
      if (!isSqliteBusy(error) || performance.now() > deadline) throw error;
    }
    await delay(pause * (0.5 + Math.random()));
  }
}
