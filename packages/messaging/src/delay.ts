import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or returns at once when the signal is aborted: the caller looks at the signal. */
export const delay = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};
