import { NewUser, User, UserChange } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';
import { Type } from 'typebox';
import type { Requirement } from '../access/authorize.ts';
import type { RefreshTokens } from '../auth/refresh-tokens.ts';
import type { Users } from '../auth/users.ts';

const tags = ['users'];
const admin: Requirement = { role: 'admin', service: 'gateway', access: 'write', needsLogin: true };

/** `GET|POST /users`, `PATCH /users/{id}`. */
export const registerUsers = (app: App, users: Users, refreshTokens: RefreshTokens): void => {
  app.get(
    '/users',
    {
      schema: { tags, summary: 'All users', response: { 200: Type.Object({ items: Type.Array(User) }) } },
      config: { requirement: admin },
    },
    async () => ({ items: await users.list() }),
  );
  app.post(
    '/users',
    { schema: { tags, summary: 'Add a user', body: NewUser, response: { 201: User } }, config: { requirement: admin } },
    async (request, reply) => {
      const { username, role } = request.body;
      request.detail = `user ${username}: role ${role}`;
      const user = await users.create(request.body);
      request.detail = `user ${user.id} ${username}: role ${role}`;
      return reply.code(201).send(user);
    },
  );
  app.patch(
    '/users/:id',
    {
      schema: {
        tags,
        summary: 'Change the role or password of a user, or disable them; their logins end',
        params: Type.Object({ id: Type.Integer() }),
        body: UserChange,
        response: { 200: User },
      },
      config: { requirement: admin },
    },
    async (request) => {
      const { id } = request.params;
      const changes = changesOf(request.body);
      request.detail = `user ${id}: ${changes}`;
      const user = await users.change(id, request.body);
      request.detail = `user ${id} ${user.username}: ${changes}`;
      await refreshTokens.revokeUser(user.id);
      return user;
    },
  );
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
