import { LoginBody, RefreshBody, ServiceError, TokenPair, type User } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { networkOf } from '../access/network-of.ts';
import { anyone } from '../access/requirement-of.ts';
import type { LoginThrottle } from '../auth/login-throttle.ts';
import { userPrincipal } from '../auth/principal.ts';
import type { RefreshTokens } from '../auth/refresh-tokens.ts';
import type { AccessTokens } from '../auth/tokens.ts';
import type { Users } from '../auth/users.ts';

const tags = ['auth'];
const invalidRefreshToken = () =>
  new ServiceError(401, 'gateway.invalid_refresh_token', 'The refresh token is not valid; log in again.');
/** For the audit log. */
const refusals = {
  reused: 'a refresh token came a second time: its login was ended',
  expired: 'an expired refresh token',
  unknown: 'an unknown refresh token',
};

/** `POST /auth/login`, `/auth/refresh`, `/auth/logout`, `GET /auth/me`. */
export const registerAuth = (
  app: App,
  {
    users,
    accessTokens,
    refreshTokens,
    throttle,
    minutes,
  }: {
    users: Users;
    accessTokens: AccessTokens;
    refreshTokens: RefreshTokens;
    throttle: LoginThrottle;
    minutes: number;
  },
): void => {
  const pair = async (user: User, refreshToken: string): Promise<TokenPair> => ({
    access_token: await accessTokens.sign(user.id),
    token_type: 'Bearer',
    expires_in: minutes * 60,
    refresh_token: refreshToken,
    user: { username: user.username, role: user.role },
  });

  /** Whoever has a refresh token is the user it was given to. */
  const identify = async (request: FastifyRequest, userId: number): Promise<User> => {
    const user = await users.byId(userId);
    request.principal = userPrincipal(user);
    return user;
  };

  const login = async (request: FastifyRequest, { username, password }: LoginBody) => {
    request.detail = `as ${username}`;
    const attempt = throttle.begin(username, networkOf(request.ip));
    const user = await users.authenticate(username, password);
    if (user === undefined)
      throw new ServiceError(401, 'gateway.wrong_credentials', 'The user name or the password is wrong.');
    attempt.succeeded();
    request.principal = userPrincipal(user);
    return pair(user, await refreshTokens.issue(user.id));
  };
  // The second is where clients of the earlier system log in.
  for (const [path, summary] of [
    ['/auth/login', 'Log in'],
    ['/login', 'Log in, at the address of the earlier system'],
  ] as const) {
    app.post(
      path,
      { schema: { tags, summary, body: LoginBody, response: { 200: TokenPair } }, config: { requirement: anyone } },
      (request) => login(request, request.body),
    );
  }
  app.post(
    '/auth/refresh',
    {
      schema: {
        tags,
        summary: 'A new pair of tokens for a refresh token, which is good once',
        body: RefreshBody,
        response: { 200: TokenPair },
      },
      config: { requirement: anyone },
    },
    async (request) => {
      const next = await refreshTokens.rotate(request.body.refresh_token);
      if (next.outcome !== 'rotated') request.detail = refusals[next.outcome];
      if (next.outcome === 'unknown') throw invalidRefreshToken();
      const user = await identify(request, next.userId);
      if (next.outcome !== 'rotated') throw invalidRefreshToken();
      if (user.disabled) {
        request.detail = 'a refresh token of a disabled user';
        await refreshTokens.revokeUser(user.id);
        throw invalidRefreshToken();
      }
      return pair(user, next.token);
    },
  );
  app.post(
    '/auth/logout',
    {
      schema: {
        tags,
        summary: 'End a login: its refresh tokens are void',
        body: RefreshBody,
        response: { 204: Type.Null() },
      },
      config: { requirement: anyone },
    },
    async (request, reply) => {
      const userId = await refreshTokens.revoke(request.body.refresh_token);
      if (userId === undefined) request.detail = 'an unknown refresh token';
      else await identify(request, userId);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/auth/me',
    {
      schema: { tags, summary: 'Who am I?' },
      config: { requirement: anyone },
    },
    async ({ principal }) => {
      if (principal.kind === 'user') return { kind: 'user', username: principal.name, role: principal.role };
      return principal.kind === 'key'
        ? { kind: 'key', id: principal.id, scopes: principal.scopes }
        : { kind: principal.kind };
    },
  );
};
