import { gatewayOperations, ServiceError } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import { networkOf } from '../access/network-of.ts';
import type { LoginThrottle } from '../auth/login-throttle.ts';
import { userPrincipal } from '../auth/principal.ts';
import type { Sessions } from '../auth/sessions.ts';

/** Gives a pair of tokens for a name and a password; failures slow down whoever makes them. Clients of the earlier system log in at `/login`. */
export const login = (app: App, { users, refreshTokens, pair }: Sessions, throttle: LoginThrottle) => {
  for (const operation of [gatewayOperations.login, gatewayOperations.loginOfEarlierClients]) {
    implement({ app }, operation, async (request) => {
      const { username, password } = request.body;
      request.detail = `as ${username}`;
      const attempt = throttle.begin(username, networkOf(request.ip));
      const user = await users.authenticate(username, password);
      if (user === undefined)
        throw new ServiceError(401, 'gateway.wrong_credentials', 'The user name or the password is wrong.');
      attempt.succeeded();
      request.principal = userPrincipal(user);
      return pair(user, await refreshTokens.issue(user.id));
    });
  }
};
