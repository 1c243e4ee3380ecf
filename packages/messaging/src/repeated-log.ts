import type { Logger } from './logger.ts';

/** Says something of one message of many. */
export type RepeatedLog = (level: 'warn' | 'error', key: string, details: object, message: string) => void;

const pauseMs = 60_000;

/** Says the first of many alike at once, and a minute later how many more there were: a thousand bad messages are two lines. */
export const createRepeatedLog = (logger: Logger): RepeatedLog => {
  const known = new Map<string, { more: number; details: object }>();
  return (level, key, details, message) => {
    const name = `${message}:${key}`;
    const earlier = known.get(name);
    if (earlier !== undefined) {
      earlier.more += 1;
      earlier.details = details;
      return;
    }
    logger[level](details, message);
    const entry = { more: 0, details };
    known.set(name, entry);
    setTimeout(() => {
      known.delete(name);
      if (entry.more > 0) logger[level]({ ...entry.details, more: entry.more }, message);
    }, pauseMs).unref();
  };
};
