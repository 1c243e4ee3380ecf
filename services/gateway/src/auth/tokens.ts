import { createHash, hash, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';

const issuer = 'vindima';

/** An unguessable token of 256 bits; only its hash is kept. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

/** A fast hash is enough for 256 random bits: there is nothing to guess. */
export const hashSecret = (secret: string): string => hash('sha256', secret);

/** Signs and reads access tokens: JWT (RFC 7519) with HS256. They are short-lived, and say who it is and nothing else. */
export const createAccessTokens = (secret: string, minutes: number) => {
  const key = createHash('sha256').update(secret).digest();
  // To verify one costs more than all else that the gateway does for a request. A valid token stays valid until it expires.
  const verified = new LRUCache<string, { userId: number; expiresMs: number }>({ max: 10_000 });
  return {
    sign: (userId: number): Promise<string> =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(issuer)
        .setSubject(String(userId))
        .setIssuedAt()
        .setExpirationTime(`${minutes * 60}s`)
        .sign(key),
    /** @returns the user's id if the token was found to be valid before and still is */
    recent: (token: string): number | undefined => {
      const known = verified.get(token);
      return known !== undefined && known.expiresMs > Date.now() ? known.userId : undefined;
    },
    /** @returns the user's id; undefined for a token that is wrong, expired or not ours */
    verify: async (token: string): Promise<number | undefined> => {
      try {
        const { payload } = await jwtVerify(token, key, { issuer, algorithms: ['HS256'], requiredClaims: ['exp'] });
        const userId = Number(payload.sub);
        verified.set(token, { userId, expiresMs: Number(payload.exp) * 1000 });
        return userId;
      } catch {
        // Whatever is wrong with it, it lets nobody in; the caller is told to log in.
        return undefined;
      }
    },
  };
};
export type AccessTokens = ReturnType<typeof createAccessTokens>;
