import { ServiceError } from '@vindima/contracts';
import { LRUCache } from 'lru-cache';

const windowMs = 15 * 60_000;
/** How many times the bound of one address and name an address, or a name, may have. NIST SP 800-63B, 5.2.2 allows 100 for a name. */
const wider = { address: 5, name: 10 };

/**
 * Slows guessing: after so many failures logins are refused until a quarter of an hour after the first of them, right ones too. Counted
 * for a name from an address, for an address, and for a name: the last is wide, so that a stranger cannot lock somebody out from one
 * place. In memory: a restart forgives, which is better than a table that strangers can fill. An attempt counts before its
 * password is looked at, so that many at once gain nothing, and no more when it succeeds.
 */
export const createLoginThrottle = (limit: number) => {
  /** When each attempt began that did not succeed, or may not yet, the earliest first; by a clock that nobody sets. */
  const attempts = new LRUCache<string, number[]>({ max: 100_000 });
  const attemptsAt = (key: string): number[] => {
    const [first, ...others] = attempts.get(key) ?? [];
    if (first === undefined || first + windowMs <= performance.now()) return [];
    return [first, ...others];
  };

  return {
    /** @throws ServiceError 429 with `Retry-After` */
    begin: (username: string, address: string): { succeeded(): void } => {
      const name = username.toLowerCase();
      const bounds = new Map([
        [`${address} ${name}`, limit],
        [`address ${address}`, limit * wider.address],
        [`name ${name}`, limit * wider.name],
      ]);
      for (const [key, bound] of bounds) {
        const counted = attemptsAt(key);
        const [first] = counted;
        if (first === undefined || counted.length < bound) continue;
        const seconds = Math.max(1, Math.ceil((first + windowMs - performance.now()) / 1000));
        throw new ServiceError(429, 'gateway.too_many_logins', `Too many failed logins; try again in ${seconds} s.`, {
          details: { retry_after_seconds: seconds },
          headers: { 'retry-after': String(seconds) },
        });
      }
      const began = performance.now();
      for (const key of bounds.keys()) attempts.set(key, [...attemptsAt(key), began]);
      return {
        // The attempt was none of a stranger; what others failed at stays, and the window is theirs.
        succeeded: () => {
          for (const key of bounds.keys()) {
            const counted = attemptsAt(key);
            const own = counted.indexOf(began);
            const others = own < 0 ? counted : counted.toSpliced(own, 1);
            if (others.length === 0) attempts.delete(key);
            else attempts.set(key, others);
          }
        },
      };
    },
  };
};
export type LoginThrottle = ReturnType<typeof createLoginThrottle>;
