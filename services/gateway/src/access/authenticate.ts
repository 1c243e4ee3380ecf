import type { ApiKey, User } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import { type ApiKeys, isApiKey } from '../auth/api-keys.ts';
import type { Principal } from '../auth/principal.ts';
import type { AccessTokens } from '../auth/tokens.ts';
import type { Users } from '../auth/users.ts';
import { isLocalCall } from './local-call.ts';

const nobody: Principal = { kind: 'nobody' };
const local: Principal = { kind: 'local' };

/** Says who makes a request: at once where that is known, later where it must be looked up. */
export type Authenticate = (request: FastifyRequest) => Principal | Promise<Principal>;

/**
 * Finds out who calls: `Authorization: Bearer` with an access token or an API key, or `X-Api-Key`. Whoever sends a wrong credential
 * is nobody, also on this machine.
 */
export const createAuthenticate = (options: {
  tokens: AccessTokens;
  keys: ApiKeys;
  users: Users;
  mode: 'required' | 'local';
}): Authenticate => {
  const { tokens, keys, users, mode } = options;
  const lookUp = async (credential: string): Promise<Principal> => {
    if (isApiKey(credential)) return holderOf(await keys.verify(credential));
    const id = await tokens.verify(credential);
    return id === undefined ? nobody : personOf(await users.current(id));
  };
  return (request) => {
    const credential = credentialOf(request);
    if (credential === undefined) return mode === 'local' && isLocalCall(request) ? local : nobody;
    if (isApiKey(credential)) {
      const key = keys.recent(credential);
      return key === undefined ? lookUp(credential) : holderOf(key);
    }
    // The token says who; what they may is looked up, so that a disabled user is out at once.
    const id = tokens.recent(credential);
    const user = id === undefined ? undefined : users.recent(id);
    return user === undefined ? lookUp(credential) : personOf(user);
  };
};

const holderOf = (key: ApiKey | undefined): Principal =>
  key === undefined ? nobody : { kind: 'key', id: key.id, scopes: key.scopes };

const personOf = (user: User | undefined): Principal =>
  user === undefined || user.disabled ? nobody : { kind: 'user', id: user.id, name: user.username, role: user.role };

const credentialOf = ({ headers }: FastifyRequest): string | undefined => {
  const { authorization, 'x-api-key': key } = headers;
  if (authorization !== undefined) return /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? '';
  return typeof key === 'string' ? key : undefined;
};
