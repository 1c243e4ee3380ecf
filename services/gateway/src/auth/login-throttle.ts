import { ServiceError } from '@vindima/contracts';
import { LRUCache } from 'lru-cache';

const windowMs = 15 * 60_000;
/** How many times the bound of one address and name an address, or a name, may have. NIST SP 800-63B, 5.2.2 allows 100 for a name. */
const wider = { address: 5, name: 10 };

/**
 * Slows guessing: after so many failures logins are refused for the rest of a quarter of an hour, right ones too. Counted for a name
 * from an address, for an address, and for a name: the last is wide, so that a stranger cannot lock somebody out from one
 * place. In memory: a restart forgives, which is better than a table that strangers can fill. An attempt counts before its
 * password is looked at, so that many at once gain nothing.
 */
export const createLoginThrottle = (limit: number) => {
  const failures = new LRUCache<string, number>({ max: 100_000, ttl: windowMs, noUpdateTTL: true });
  const add = (key: string, count: number) => failures.set(key, Math.max(0, (failures.get(key) ?? 0) + count));

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
        if ((failures.get(key) ?? 0) < bound) continue;
        const seconds = Math.max(1, Math.ceil(failures.getRemainingTTL(key) / 1000));
        throw new ServiceError(429, 'gateway.too_many_logins', `Too many failed logins; try again in ${seconds} s.`, {
          details: { retry_after_seconds: seconds },
          headers: { 'retry-after': String(seconds) },
        });
      }
      for (const key of bounds.keys()) add(key, 1);
      return {
        // The attempt was none of a stranger; what others failed at stays.
        succeeded: () => {
          for (const key of bounds.keys()) add(key, -1);
        },
      };
    },
  };
};
export type LoginThrottle = ReturnType<typeof createLoginThrottle>;
