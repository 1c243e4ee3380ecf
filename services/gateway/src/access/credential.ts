import type { FastifyRequest } from 'fastify';
import { isApiKey } from '../auth/api-keys.ts';
import { readSessionCookie } from '../auth/session-cookie.ts';

/** What somebody shows to be let in. */
export interface Credential {
  /** An access token or a key; empty for what can be neither. */
  readonly secret: string;
  /** A browser may send it by itself, also when a page elsewhere makes it ask. */
  readonly isAmbient: boolean;
  /** The value of a session's cookie. */
  readonly isCookie?: true;
}

/**
 * `Authorization: Bearer` with an access token or an API key, `Authorization: Basic` with a key as the password and any name (for Excel, R and
 * `curl -u`), `X-Api-Key`, or the cookie of a login.
 *
 * @returns undefined for a request that shows nothing
 */
export const credentialOf = ({ headers }: Pick<FastifyRequest, 'headers'>): Credential | undefined => {
  const { authorization, 'x-api-key': key } = headers;
  if (authorization === undefined && typeof key === 'string') return { secret: key, isAmbient: false };
  if (authorization === undefined) {
    const cookie = readSessionCookie(headers.cookie);
    return cookie === undefined ? undefined : { secret: cookie, isAmbient: true, isCookie: true };
  }
  const [, scheme = '', value = ''] = /^(Bearer|Basic)\s+(\S+)$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== 'basic') return { secret: value, isAmbient: false };
  return { secret: keyIn(value), isAmbient: true };
};

/** The key that is the password (RFC 7617). A person's password opens nothing here: it is shown at the login alone, where guessing is slowed. */
const keyIn = (encoded: string): string => {
  const text = Buffer.from(encoded, 'base64').toString();
  const password = text.slice(text.indexOf(':') + 1);
  return isApiKey(password) ? password : '';
};
