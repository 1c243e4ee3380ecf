import type { FastifyRequest } from 'fastify';
import { isApiKey } from '../auth/api-keys.ts';

/** What somebody shows to be let in. */
export interface Credential {
  /** An access token or a key; empty for what can be neither. */
  readonly secret: string;
  /** A browser may send it by itself, also when a page elsewhere makes it ask. */
  readonly isAmbient: boolean;
}

/**
 * `Authorization: Bearer` with an access token or an API key, `Authorization: Basic` with a key as the password and any name (for Excel, R and
 * `curl -u`), or `X-Api-Key`.
 *
 * @returns undefined for a request that shows nothing
 */
export const credentialOf = ({ headers }: Pick<FastifyRequest, 'headers'>): Credential | undefined => {
  const { authorization, 'x-api-key': key } = headers;
  if (authorization === undefined) return typeof key === 'string' ? { secret: key, isAmbient: false } : undefined;
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
