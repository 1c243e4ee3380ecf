import { gatewayOperations, ServiceError } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import type { FastifyRequest } from 'fastify';
import { networkOf } from '../access/network-of.ts';
import type { LoginThrottle } from '../auth/login-throttle.ts';
import type { Logins } from '../auth/logins.ts';
import type { Users } from '../auth/users.ts';

/** What everybody may do with their own account: change the password, see and end logins. */
export const registerOwnAccount = (app: App, users: Users, logins: Logins, throttle: LoginThrottle): void => {
  implement({ app }, gatewayOperations.changePassword, async (request, reply) => {
    const { id, name, login } = userOf(request);
    // Whoever has found an open browser guesses no faster here than at the login.
    const attempt = throttle.begin(name, networkOf(request.ip));
    if (!(await users.changePassword(id, request.body, login)))
      throw new ServiceError(403, 'gateway.wrong_password', 'The old password is wrong.');
    attempt.succeeded();
    return reply.code(204).send(null);
  });
  implement({ app }, gatewayOperations.listLogins, async (request) => {
    const { id, login } = userOf(request);
    return { items: await logins.list(id, login) };
  });
  implement({ app }, gatewayOperations.endLogin, async (request, reply) => {
    request.detail = `login ${request.params.id}`;
    await logins.endOwn(userOf(request).id, request.params.id);
    return reply.code(204).send(null);
  });
};

/** Only users come here, as the operations need a login. */
const userOf = ({ principal }: Pick<FastifyRequest, 'principal'>) => {
  if (principal.kind !== 'user')
    throw new Error(`an operation that needs a login was let through for ${principal.caller}`);
  return principal;
};
