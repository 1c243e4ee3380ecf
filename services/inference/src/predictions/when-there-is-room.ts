import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '@vindima/contracts';

/**
 * Does work of a job that finds the model's queue full as often as it takes: people who wait for an answer come first, and a file has time.
 *
 * @param pauseMs before it is tried again
 * @throws what the work throws but for 429, and the reason of the abort
 */
export const whenThereIsRoom = async <Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
  pauseMs = 500,
): Promise<Result> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 429) throw error;
    }
    await delay(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
};
