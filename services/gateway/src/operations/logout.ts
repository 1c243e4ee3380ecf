import { gatewayOperations, ServiceError } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import { readSessionCookie } from '../auth/session-cookie.ts';
import type { Sessions } from '../auth/sessions.ts';

/** Ends the login of a refresh token, or of the request: its tokens and its cookie are void. */
export const logout = (app: App, { logins, refreshTokens, cookie, identify }: Sessions) =>
  implement({ app }, gatewayOperations.logout, async (request, reply) => {
    const { refresh_token } = request.body;
    const login = request.principal.kind === 'user' ? request.principal.login : undefined;
    const brings = readSessionCookie(request.headers.cookie) !== undefined;
    if (refresh_token === undefined && login === undefined && !brings)
      throw new ServiceError(400, 'gateway.no_login', 'The request names no login: send its refresh_token.');
    if (brings) cookie.clear(request, reply);
    if (login !== undefined && (brings || refresh_token === undefined)) await logins.end(login);
    if (refresh_token !== undefined) {
      const userId = await refreshTokens.revoke(refresh_token);
      if (userId !== undefined) await identify(request, userId);
      else if (login === undefined) request.detail = 'an unknown refresh token';
    }
    return reply.code(204).send(null);
  });
