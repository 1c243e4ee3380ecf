import { ServiceError } from '@vindima/contracts';
import type { Upstream } from '../upstream.ts';
import { unusable } from './unusable.ts';

export interface StoreCredentials {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** Address of a picture; the store wants one for a new user. */
  readonly avatar: string;
}

interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

/** A place as a user of the store: the token to call it with, renewed when the store no longer takes it. */
export interface StoreSession {
  /** @returns the access token; logs in on the first call. @throws as `renew` */
  token(): Promise<string>;
  /**
   * Gets another token in place of one that was refused: by the refresh token, else by logging in, else by creating the user, who
   * vanishes whenever the store is seeded anew. Calls at the same time share one renewal.
   *
   * @throws ServiceError 502 `pricing.store_login_failed`; as `UpstreamClient.request`
   */
  renew(refused: string): Promise<string>;
}

/** Creates the session of one user. Nothing is sent before the first token is asked for. */
export const createStoreSession = (
  upstream: Upstream,
  storeUrl: string,
  credentials: StoreCredentials,
  clock: () => Date = () => new Date(),
): StoreSession => {
  let tokens: Tokens | undefined;
  let renewing: Promise<Tokens> | undefined;

  const post = (path: string, body: object, accept: readonly number[], retries: number) =>
    upstream.client.request({
      upstream: 'Store',
      url: storeUrl + path,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      accept,
      timeoutMs: upstream.timeoutMs,
      retries,
      maximumBytes: 1024 * 1024,
      ...(upstream.signal && { signal: upstream.signal }),
    });
  const refresh = async (refreshToken: string) => {
    const answer = await post('/auth/refresh-token', { refreshToken }, [400, 401], upstream.retries);
    return answer.status < 300 ? readTokens(answer.body) : undefined;
  };
  const login = async () => {
    const { email, password } = credentials;
    const answer = await post('/auth/login', { email, password }, [400, 401], upstream.retries);
    return answer.status < 300 ? readTokens(answer.body) : undefined;
  };
  const createUser = async () => {
    // Once only: addresses are not unique there, so a repetition could leave two users.
    const answer = await post('/users', credentials, [400], 0);
    if (answer.status >= 300) throw loginFailed(`it refused to create the user (${reasonOf(answer.body)})`);
  };
  const obtain = async (known: Tokens | undefined): Promise<Tokens> => {
    const obtained = (known && (await refresh(known.refresh))) ?? (await login());
    if (obtained !== undefined) return obtained;
    await createUser();
    const fresh = await login();
    if (fresh === undefined) throw loginFailed('it refused the user that it had just created');
    return fresh;
  };
  const renewOnce = async (): Promise<Tokens> => {
    renewing ??= obtain(tokens).finally(() => {
      renewing = undefined;
    });
    tokens = await renewing;
    return tokens;
  };

  return {
    token: async () => (tokens !== undefined && !isExpired(tokens.access, clock()) ? tokens : await renewOnce()).access,
    renew: async (refused) => (tokens !== undefined && tokens.access !== refused ? tokens : await renewOnce()).access,
  };
};

const loginFailed = (reason: string) =>
  new ServiceError(502, 'pricing.store_login_failed', `The store did not let us in: ${reason}.`, {
    details: { reason },
  });

const readTokens = (body: Buffer): Tokens => {
  const parsed = parse(body);
  const { access_token: access, refresh_token: refresh } = parsed;
  if (typeof access !== 'string' || typeof refresh !== 'string')
    throw unusable('its answer to the login has no tokens');
  return { access, refresh };
};

const parse = (body: Buffer): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch (cause) {
    throw unusable('its answer to the login is no JSON', cause);
  }
};

const reasonOf = (body: Buffer) => {
  const { message } = parse(body);
  return (Array.isArray(message) ? message.join(', ') : String(message)).slice(0, 300);
};

/** By the token's own word (RFC 7519, `exp`), which saves a call that would be refused. A token that can't be read is tried. */
const isExpired = (token: string, now: Date) => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const expires = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined;
    return typeof expires === 'number' && expires * 1000 <= now.getTime();
  } catch {
    return false;
  }
};
