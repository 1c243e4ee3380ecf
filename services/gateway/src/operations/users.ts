import { gatewayOperations, type UserChange } from '@vindima/contracts';
import { type App, implement } from '@vindima/service-kit';
import type { RefreshTokens } from '../auth/refresh-tokens.ts';
import type { Users } from '../auth/users.ts';

/** Lists, adds and changes users; what they were is in the audit log. */
export const registerUsers = (app: App, users: Users, refreshTokens: RefreshTokens): void => {
  implement({ app }, gatewayOperations.listUsers, async () => ({ items: await users.list() }));
  implement({ app }, gatewayOperations.addUser, async (request, reply) => {
    const { username, role } = request.body;
    request.detail = `user ${username}: role ${role}`;
    const user = await users.create(request.body);
    request.detail = `user ${user.id} ${username}: role ${role}`;
    reply.code(201);
    return user;
  });
  implement({ app }, gatewayOperations.changeUser, async (request) => {
    const { id } = request.params;
    const changes = changesOf(request.body);
    request.detail = `user ${id}: ${changes}`;
    const user = await users.change(id, request.body);
    request.detail = `user ${id} ${user.username}: ${changes}`;
    await refreshTokens.revokeUser(user.id);
    return user;
  });
};

/** For the audit log: that a password was changed, not to what. */
const changesOf = ({ role, disabled, password }: UserChange): string =>
  [
    role === undefined ? [] : `role ${role}`,
    disabled === undefined ? [] : `disabled ${disabled}`,
    password === undefined ? [] : 'password',
  ]
    .flat()
    .join(', ');
