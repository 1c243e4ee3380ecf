import { LoginBody, RefreshBody, ServiceError, TokenPair, type User } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import { Type } from 'typebox';
import { networkOf } from '../access/network-of.ts';
import { anyone } from '../access/requirement-of.ts';
import type { LoginThrottle } from '../auth/login-throttle.ts';
import { userPrincipal } from '../auth/principal.ts';
import type { RefreshTokens } from '../auth/refresh-tokens.ts';
import type { AccessTokens } from '../auth/tokens.ts';
import type { Users } from '../auth/users.ts';

const tags = ['auth'];

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

  app.post(
    '/auth/login',
    {
      schema: { tags, summary: 'Log in', body: LoginBody, response: { 200: TokenPair } },
      config: { requirement: anyone },
    },
    async (request) => {
      const { username, password } = request.body;
      const attempt = throttle.begin(username, networkOf(request.ip));
      const user = await users.authenticate(username, password);
      if (user === undefined)
        throw new ServiceError(401, 'gateway.wrong_credentials', 'The user name or the password is wrong.');
      attempt.succeeded();
      request.principal = userPrincipal(user);
      return pair(user, await refreshTokens.issue(user.id));
    },
  );
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
      const user = await users.byId(next.userId);
      if (user.disabled) {
        await refreshTokens.revokeUser(user.id);
        throw new ServiceError(401, 'gateway.invalid_refresh_token', 'The refresh token is not valid; log in again.');
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
      await refreshTokens.revoke(request.body.refresh_token);
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
