import { randomBytes } from 'node:crypto';

/** Ids that one millisecond has room for: 12 bits. */
const perMillisecond = 4096;

/**
 * Makes UUIDs of version 7 (RFC 9562, 5.7), each greater than the one before: 48 bits of milliseconds, a counter in the 12 bits behind
 * them (method 1 of 6.2), and 62 bits that are drawn once for this process. Nobody needs to be unable to guess them, and drawing
 * new ones for each would cost as much as the rest of an answer.
 */
export const createIds = (now: () => number = Date.now): (() => string) => {
  const suffix = suffixOf(randomBytes(8));
  let milliseconds = 0;
  let prefix = '';
  let count = 0;
  return () => {
    const time = now();
    count += 1;
    if (time > milliseconds || count === perMillisecond) {
      // A clock that went back, or a millisecond that is full, is no reason to break the order.
      milliseconds = Math.max(time, milliseconds + 1);
      count = 0;
      const hex = milliseconds.toString(16).padStart(12, '0');
      prefix = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
    }
    return `${prefix}${count.toString(16).padStart(3, '0')}-${suffix}`;
  };
};

/** `8abc-0123456789ab`: the variant's two bits and 62 random ones. */
const suffixOf = (random: Buffer): string => {
  random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
  const hex = random.toString('hex');
  return `${hex.slice(0, 4)}-${hex.slice(4)}`;
};
