import { LRUCache } from 'lru-cache';
import { nobody, type Principal } from './principal.ts';

/** A credential is looked up at most this often; so long a revoked one may still pass on another replica. */
const rememberMs = 5_000;

/** Whom a credential stands for, and until when (milliseconds since 1970) if it says so itself. */
export interface Identity {
  readonly principal: Principal;
  readonly expiresMs?: number;
}

/**
 * Who the latest credentials were found to stand for, as looking them up costs more than all else that the gateway does for a request.
 * Wrong ones are remembered too. Bounded, as those are made up by whoever guesses.
 */
export const createKnownCallers = (clock: () => Date) => {
  const known = new LRUCache<string, { principal: Principal; untilMs: number }>({ max: 10_000 });
  let changes = 0;
  return {
    /** @returns undefined when it has to be looked up */
    get: (credential: string): Principal | undefined => {
      const found = known.get(credential);
      return found !== undefined && found.untilMs > clock().getTime() ? found.principal : undefined;
    },
    find: async (credential: string, lookUp: () => Promise<Identity | undefined>): Promise<Principal> => {
      const before = changes;
      const { principal, expiresMs = Number.POSITIVE_INFINITY } = (await lookUp()) ?? { principal: nobody };
      // What was changed meanwhile may be what was read.
      if (before === changes)
        known.set(credential, { principal, untilMs: Math.min(clock().getTime() + rememberMs, expiresMs) });
      return principal;
    },
    /** After a change of users or keys: everybody is looked up again. */
    forget: () => {
      changes += 1;
      known.clear();
    },
  };
};
export type KnownCallers = ReturnType<typeof createKnownCallers>;
