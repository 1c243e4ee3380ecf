import { gatewayOperations } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import { invalidRefreshToken, type Sessions } from '../auth/sessions.ts';

/** For the audit log. */
const refusals = {
  reused: 'a refresh token came a second time: its login was ended',
  expired: 'an expired refresh token',
  unknown: 'an unknown refresh token',
};

/** Gives a new pair of tokens for a refresh token, which is good once. */
export const refresh = (app: App, { refreshTokens, pair, identify }: Sessions) =>
  implement({ app }, gatewayOperations.refresh, async (request) => {
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
  });
