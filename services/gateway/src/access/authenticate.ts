import type { FastifyRequest } from 'fastify';
import { type ApiKeys, isApiKey } from '../auth/api-keys.ts';
import type { Identity, KnownCallers } from '../auth/known-callers.ts';
import { foreignPage, keyPrincipal, nobody, type Principal, userPrincipal } from '../auth/principal.ts';
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
  callers: KnownCallers;
  mode: 'required' | 'local';
  /** The platform's, as `PUBLIC_URL` says it. */
  ownOrigin: string | undefined;
}): Authenticate => {
  const { tokens, keys, users, callers, mode, ownOrigin } = options;
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
  return (request) => {
    const credential = credentialOf(request);
    if (credential === undefined) return mode === 'local' ? localPrincipal(request) : nobody;
    if (credential.isAmbient && mayBeForged(request, ownOrigin)) return foreignPage;
    const { secret } = credential;
    const known = callers.get(secret);
    if (known !== undefined) return known;
    return callers.find(secret, () => (isApiKey(secret) ? holderOf(secret) : personOf(secret)));
  };
};
