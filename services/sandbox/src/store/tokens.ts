import { randomBytes } from 'node:crypto';
import { createSigner, createVerifier } from 'fast-jwt';
import type { StoreSettings } from './settings.ts';
import type { StoreState, User } from './state.ts';

/** Issues and checks tokens (JWT, HS256, `sub` is the user's id). A user that vanished has no valid ones. */
export const createTokens = (state: StoreState, settings: () => StoreSettings, now: () => Date) => {
  const keys = { access: randomBytes(32), refresh: randomBytes(32) };
  const sign = (use: keyof typeof keys, user: User, seconds: number) => {
    const until = now().getTime() + seconds * 1000;
    // Whole seconds by the standard (RFC 7519, NumericDate as the library has it); lifetimes below a second are of use in tests.
    const claims = {
      sub: String(user.id),
      iat: Math.floor(now().getTime() / 1000),
      exp: Math.ceil(until / 1000),
      until,
    };
    return createSigner({ key: keys[use], algorithm: 'HS256' })(claims);
  };
  const verify = (use: keyof typeof keys, token: string): User | undefined => {
    try {
      const claims: { sub?: unknown; until?: unknown } = createVerifier({ key: keys[use], ignoreExpiration: true })(
        token,
      );
      if (typeof claims.until !== 'number' || claims.until <= now().getTime()) return undefined;
      return state.users().find(({ id }) => String(id) === claims.sub);
    } catch {
      // Any token that can't be verified is no token; the reason is not for the caller.
      return undefined;
    }
  };
  return {
    issue: (user: User) => ({
      access_token: sign('access', user, settings().access_token_seconds),
      refresh_token: sign('refresh', user, settings().refresh_token_seconds),
    }),
    userOfAccess: (authorization: string | undefined) =>
      verify('access', authorization?.replace(/^Bearer\s+/i, '') ?? ''),
    userOfRefresh: (token: string) => verify('refresh', token),
  };
};
export type Tokens = ReturnType<typeof createTokens>;
