import type { FastifyRequest } from 'fastify';
import { type ApiKeys, isApiKey } from '../auth/api-keys.ts';
import type { Identity, KnownCallers } from '../auth/known-callers.ts';
import type { Logins } from '../auth/logins.ts';
import { foreignPage, keyPrincipal, nobody, type Principal, userPrincipal } from '../auth/principal.ts';
import { placeOf } from '../auth/sessions.ts';
import type { AccessTokens } from '../auth/tokens.ts';
import type { Users } from '../auth/users.ts';
import { credentialOf } from './credential.ts';
import { mayBeForged } from './forged.ts';
import { localPrincipal } from './local-call.ts';

/** Says who makes a request: at once where that is known, later where it must be looked up. */
export type Authenticate = (request: FastifyRequest) => Principal | Promise<Principal>;

/**
 * Finds out who calls. Whoever sends a wrong credential
 * is nobody, also on this machine.
 */
export const createAuthenticate = (options: {
  tokens: AccessTokens;
  keys: ApiKeys;
  users: Users;
  logins: Logins;
  callers: KnownCallers;
  mode: 'required' | 'local';
  /** The platform's, as `PUBLIC_URL` says it. */
  ownOrigin: string | undefined;
}): Authenticate => {
  const { tokens, keys, users, logins, callers, mode, ownOrigin } = options;
  const holderOf = async (credential: string): Promise<Identity | undefined> => {
    const key = await keys.verify(credential);
    if (key === undefined) return undefined;
    const principal = keyPrincipal(key);
    return key.expires_at === null ? { principal } : { principal, expiresMs: Date.parse(key.expires_at) };
  };
  const personOf = async (credential: string): Promise<Identity | undefined> => {
    const token = await tokens.verify(credential);
    // The token says who; what they may is looked up, so that a disabled user is out at once.
    const user = token === undefined ? undefined : await users.findByToken(token);
    if (token === undefined || user === undefined) return undefined;
    return { principal: userPrincipal(user, token.login), expiresMs: token.expiresMs };
  };
  const bearerOf = async (request: FastifyRequest, cookie: string): Promise<Identity | undefined> => {
    const login = await logins.findByCookie(cookie, placeOf(request));
    const user = login === undefined ? undefined : await users.find(login.userId);
    if (login === undefined || user === undefined || user.disabled) return undefined;
    return { principal: userPrincipal(user, login.id), expiresMs: login.expiresMs };
  };
  const withoutCredential = (request: FastifyRequest) => (mode === 'local' ? localPrincipal(request) : nobody);
  /** A browser brings a cookie also when its login has ended, and knows no better. */
  const ofCookie = (request: FastifyRequest, cookie: string) => {
    // No token or key has a space.
    const name = `cookie ${cookie}`;
    const orNobody = (found: Principal) => (found.kind === 'nobody' ? withoutCredential(request) : found);
    const known = callers.get(name);
    if (known !== undefined) return orNobody(known);
    return callers.find(name, () => bearerOf(request, cookie)).then(orNobody);
  };
  return (request) => {
    const credential = credentialOf(request);
    if (credential === undefined) return withoutCredential(request);
    if (credential.isAmbient && mayBeForged(request, ownOrigin)) return foreignPage;
    const { secret } = credential;
    if (credential.isCookie) return ofCookie(request, secret);
    const known = callers.get(secret);
    if (known !== undefined) return known;
    return callers.find(secret, () => (isApiKey(secret) ? holderOf(secret) : personOf(secret)));
  };
};
