import { gatewayOperations } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import type { Sessions } from '../auth/sessions.ts';

/** Ends a login: its refresh tokens are void. */
export const logout = (app: App, { refreshTokens, identify }: Sessions) =>
  implement({ app }, gatewayOperations.logout, async (request, reply) => {
    const userId = await refreshTokens.revoke(request.body.refresh_token);
    if (userId === undefined) request.detail = 'an unknown refresh token';
    else await identify(request, userId);
    return reply.code(204).send(null);
  });
