import { maximumErrorLength } from './limits.ts';

/** @returns the message of whatever was thrown, in one bounded line. */
export const errorText = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\s+/g, ' ').slice(0, maximumErrorLength);
};
