import { createHash, hash, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';

const issuer = 'vindima';

/** An unguessable token of 256 bits; only its hash is kept. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

/** A fast hash is enough for 256 random bits: there is nothing to guess. */
export const hashSecret = (secret: string): string => hash('sha256', secret);

/** Signs and reads access tokens: JWT (RFC 7519) with HS256. They are short-lived, and say who it is and nothing else. */
export const createAccessTokens = (secret: string, minutes: number) => {
  const key = createHash('sha256').update(secret).digest();
  return {
    sign: (userId: number): Promise<string> =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(issuer)
        .setSubject(String(userId))
        .setIssuedAt()
        .setExpirationTime(`${minutes * 60}s`)
        .sign(key),
    /** @returns whose it is and until when, in milliseconds since 1970; undefined for a token that is wrong, expired or not ours */
    verify: async (token: string): Promise<{ userId: number; expiresMs: number } | undefined> => {
      try {
        const { payload } = await jwtVerify(token, key, { issuer, algorithms: ['HS256'], requiredClaims: ['exp'] });
        return { userId: Number(payload.sub), expiresMs: Number(payload.exp) * 1000 };
      } catch {
        // Whatever is wrong with it, it lets nobody in; the caller is told to log in.
        return undefined;
      }
    },
  };
};
export type AccessTokens = ReturnType<typeof createAccessTokens>;
