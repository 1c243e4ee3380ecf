import { ServiceError, type TokenPair, type User } from '@vindima/contracts';
import type { FastifyRequest } from 'fastify';
import { userPrincipal } from './principal.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { AccessTokens } from './tokens.ts';
import type { Users } from './users.ts';

export interface SessionPorts {
  readonly users: Users;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  /** Of an access token. */
  readonly minutes: number;
}

/** What login, refresh and logout have in common. */
export const createSessions = ({ users, accessTokens, refreshTokens, minutes }: SessionPorts) => ({
  users,
  refreshTokens,
  pair: async (user: User, refreshToken: string): Promise<TokenPair> => ({
    access_token: await accessTokens.sign(user.id),
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
export type Sessions = ReturnType<typeof createSessions>;

export const invalidRefreshToken = () =>
  new ServiceError(401, 'gateway.invalid_refresh_token', 'The refresh token is not valid; log in again.');
