import { Type } from 'typebox';
import {
  ApiKey,
  ApiKeyChange,
  CreatedApiKey,
  Login,
  NewApiKey,
  NewUser,
  PasswordChange,
  User,
  UserChange,
} from './gateway.ts';
import type { OperationInput } from './operations/define-operation.ts';

/** Themselves; a key is nobody. */
const anyUser = { role: 'viewer', scope: 'write', needsLogin: true } as const;
const loggedInAdmins = { role: 'admin', scope: 'write', needsLogin: true } as const;
const unknownUser = { 'gateway.unknown_user': [404, 'There is no such user.'] } as const;
const unknownKey = { 'gateway.unknown_key': [404, 'There is no such key.'] } as const;
const lastAdmin = { 'gateway.last_admin': [409, 'Somebody must be an admin.'] } as const;
const UserParams = Type.Object({ id: Type.Integer({ description: 'The id of the user' }) });
const KeyParams = Type.Object({ id: Type.String({ maxLength: 40, description: 'The id of the key' }) });

/** What users do with their own account, and admins with those of others and with keys. */
export const accountOperations = {
  changePassword: {
    method: 'POST',
    path: '/auth/password',
    tag: 'auth',
    summary: 'Change your own password; your other logins end',
    access: anyUser,
    body: { json: PasswordChange },
    answers: { 204: { description: 'The new password counts; this login goes on' } },
    errors: {
      'gateway.wrong_password': [403, 'The old password is wrong.'],
      'gateway.too_many_logins': [429, 'Too many failed logins; try again later.'],
    },
    examples: { body: { old_password: 'a long password', new_password: 'another long password' } },
  },
  listLogins: {
    method: 'GET',
    path: '/auth/logins',
    tag: 'auth',
    summary: 'Your own logins, the latest first',
    access: { ...anyUser, scope: 'read' },
    answers: { 200: { description: 'Logins that have not ended', json: Type.Object({ items: Type.Array(Login) }) } },
    errors: {},
  },
  endLogin: {
    method: 'DELETE',
    path: '/auth/logins/:id',
    tag: 'auth',
    summary: 'End a login of your own, also this one',
    access: anyUser,
    params: Type.Object({ id: Type.String({ maxLength: 40, description: 'The id of the login' }) }),
    answers: { 204: { description: 'Its tokens open nothing any more' } },
    errors: { 'gateway.unknown_login': [404, 'You have no such login.'] },
  },
  listUsers: {
    method: 'GET',
    path: '/users',
    tag: 'users',
    summary: 'All users',
    access: loggedInAdmins,
    answers: { 200: { description: 'All users', json: Type.Object({ items: Type.Array(User) }) } },
    errors: {},
  },
  addUser: {
    method: 'POST',
    path: '/users',
    tag: 'users',
    summary: 'Add a user',
    access: loggedInAdmins,
    body: { json: NewUser },
    answers: { 201: { description: 'The user', json: User } },
    errors: { 'gateway.user_exists': [409, 'There is a user of this name.'] },
    examples: { body: { username: 'ana', password: 'a long password', role: 'editor' } },
  },
  changeUser: {
    method: 'PATCH',
    path: '/users/:id',
    tag: 'users',
    summary: 'Change the role or password of a user, or disable them; their logins end',
    access: loggedInAdmins,
    params: UserParams,
    body: { json: UserChange },
    answers: { 200: { description: 'The user as they are now', json: User } },
    errors: { ...unknownUser, ...lastAdmin },
    examples: { body: { role: 'viewer' } },
  },
  removeUser: {
    method: 'DELETE',
    path: '/users/:id',
    tag: 'users',
    summary: 'Delete a user; their logins and API keys end',
    description: 'What they have made stays, and `created_by` keeps their name. A key that somebody else owns goes on.',
    access: loggedInAdmins,
    params: UserParams,
    answers: { 204: { description: 'The user is gone' } },
    errors: { ...unknownUser, ...lastAdmin },
  },
  listKeys: {
    method: 'GET',
    path: '/keys',
    tag: 'keys',
    summary: 'All API keys, without their secrets',
    access: loggedInAdmins,
    answers: { 200: { description: 'All keys', json: Type.Object({ items: Type.Array(ApiKey) }) } },
    errors: {},
  },
  makeKey: {
    method: 'POST',
    path: '/keys',
    tag: 'keys',
    summary: 'Make an API key; it is shown this once',
    access: loggedInAdmins,
    body: { json: NewApiKey },
    answers: { 201: { description: 'The key with its secret', json: CreatedApiKey } },
    errors: {},
    examples: { body: { name: 'a notebook', scopes: ['wine:read'] } },
  },
  changeKey: {
    method: 'PATCH',
    path: '/keys/:id',
    tag: 'keys',
    summary: 'Hand an API key on to another user, with whom it ends from now on',
    access: loggedInAdmins,
    params: KeyParams,
    body: { json: ApiKeyChange },
    answers: { 200: { description: 'The key as it is now', json: ApiKey } },
    errors: { ...unknownKey, ...unknownUser },
    examples: { body: { owner: 'ana' } },
  },
  revokeKey: {
    method: 'DELETE',
    path: '/keys/:id',
    tag: 'keys',
    summary: 'Revoke an API key',
    access: loggedInAdmins,
    params: KeyParams,
    answers: { 204: { description: 'The key opens nothing any more' } },
    errors: unknownKey,
  },
} as const satisfies Readonly<Record<string, OperationInput>>;
