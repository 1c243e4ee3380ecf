import { ServiceError, type TokenPair, type User } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import type { LoginPlace, Logins } from './logins.ts';
import { userPrincipal } from './principal.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { AccessTokens } from './tokens.ts';
import type { Users } from './users.ts';

export interface SessionPorts {
  readonly users: Users;
  readonly accessTokens: AccessTokens;
  readonly logins: Logins;
  readonly refreshTokens: RefreshTokens;
  readonly cookie: SessionCookie;
  /** Of an access token. */
  readonly minutes: number;
}

/** What login, refresh and logout have in common. */
export const createSessions = ({ users, logins, accessTokens, refreshTokens, cookie, minutes }: SessionPorts) => ({
  users,
  logins,
  refreshTokens,
  cookie,
  pair: async (user: User, refreshToken: string, login: string): Promise<TokenPair> => ({
    access_token: await accessTokens.sign(user.id, login),
    token_type: 'Bearer',
    expires_in: minutes * 60,
    refresh_token: refreshToken,
    user: { username: user.username, role: user.role },
  }),
  /** Whoever has a refresh token is the user it was given to. */
  identify: async (request: Pick<FastifyRequest, 'principal'>, userId: number): Promise<User> => {
    const user = await users.byId(userId);
    request.principal = userPrincipal(user);
    return user;
  },
});

/** Where a request comes from. */
export const placeOf = ({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): LoginPlace => ({
  address: ip,
  agent: headers['user-agent'],
});
export type Sessions = ReturnType<typeof createSessions>;

export const invalidRefreshToken = () =>
  new ServiceError(401, 'gateway.invalid_refresh_token', 'The refresh token is not valid; log in again.');
