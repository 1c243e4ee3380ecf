import type { FastifyRequest } from 'fastify';
import { type ApiKeys, isApiKey } from '../auth/api-keys.ts';
import type { Principal } from '../auth/principal.ts';
import type { AccessTokens } from '../auth/tokens.ts';
import type { Users } from '../auth/users.ts';
import { isLocalCall } from './local-call.ts';

const nobody: Principal = { kind: 'nobody' };
const local: Principal = { kind: 'local' };

/**
 * Finds out who calls: `Authorization: Bearer` with an access token or an API key, or `X-Api-Key`. Whoever sends a wrong credential
 * is nobody, also on this machine.
 */
export const createAuthenticate =
  (options: { tokens: AccessTokens; keys: ApiKeys; users: Users; mode: 'required' | 'local' }) =>
  async (request: FastifyRequest): Promise<Principal> => {
    const credential = credentialOf(request);
    if (credential === undefined) return options.mode === 'local' && isLocalCall(request) ? local : nobody;
    if (isApiKey(credential)) {
      const key = await options.keys.verify(credential);
      return key === undefined ? nobody : { kind: 'key', id: key.id, scopes: key.scopes };
    }
    const id = await options.tokens.verify(credential);
    // The token says who; what they may is looked up, so that a disabled user is out at once.
    const user = id === undefined ? undefined : await options.users.current(id);
    return user === undefined || user.disabled
      ? nobody
      : { kind: 'user', id: user.id, name: user.username, role: user.role };
  };

const credentialOf = ({ headers }: FastifyRequest): string | undefined => {
  const { authorization, 'x-api-key': key } = headers;
  if (authorization !== undefined) return /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? '';
  return typeof key === 'string' ? key : undefined;
};
