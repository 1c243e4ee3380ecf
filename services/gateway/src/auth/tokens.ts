import { createHash, hash, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';

const issuer = 'vindima';

/** An unguessable token of 256 bits; only its hash is kept. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

/** A fast hash is enough for 256 random bits: there is nothing to guess. */
export const hashSecret = (secret: string): string => hash('sha256', secret);

/**
 * Signs and reads access tokens: JWT (RFC 7519) with HS256. They are short-lived, and say who it is and nothing else.
 *
 * @param secrets the first signs; tokens of all of them are good
 */
export const createAccessTokens = (secrets: readonly [string, ...string[]], minutes: number) => {
  const [current, ...former] = secrets;
  const toKey = (secret: string) => createHash('sha256').update(secret).digest();
  const key = toKey(current);
  const keys = [key, ...former.map(toKey)];
  return {
    /** @param login with which it ends */
    sign: (userId: number, login?: string): Promise<string> =>
      new SignJWT(login === undefined ? {} : { sid: login })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(issuer)
        .setSubject(String(userId))
        .setIssuedAt()
        .setExpirationTime(`${minutes * 60}s`)
        .sign(key),
    /** @returns undefined for a token that is wrong, expired or not ours */
    verify: async (token: string): Promise<AccessToken | undefined> => {
      for (const candidate of keys) {
        try {
          const { payload } = await jwtVerify(token, candidate, {
            issuer,
            algorithms: ['HS256'],
            requiredClaims: ['exp', 'iat'],
          });
          return {
            userId: Number(payload.sub),
            issuedMs: Number(payload.iat) * 1000,
            expiresMs: Number(payload.exp) * 1000,
            ...(typeof payload.sid === 'string' ? { login: payload.sid } : {}),
          };
        } catch {
          // Whatever is wrong with it, it lets nobody in; the caller is told to log in.
        }
      }
      return undefined;
    },
  };
};
export type AccessTokens = ReturnType<typeof createAccessTokens>;

export interface AccessToken {
  readonly userId: number;
  /** Milliseconds since 1970, of a whole second. */
  readonly issuedMs: number;
  readonly expiresMs: number;
  /** Tokens of version 0.1 name none. */
  readonly login?: string;
}
