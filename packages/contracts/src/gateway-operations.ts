import { Type } from 'typebox';
import {
  AcceptedCommand,
  ApiKey,
  AuditEntry,
  CreatedApiKey,
  DeadLetterItem,
  LoginBody,
  NewApiKey,
  NewUser,
  PlatformHealth,
  RefreshBody,
  roles,
  TokenPair,
  User,
  UserChange,
} from './gateway.ts';
import { Job, JobsOfSender, jobStates } from './jobs.ts';
import { JobHeaders, jobOperations } from './jobs-operations.ts';
import { defineOperations } from './operations/define-operation.ts';
import { Page } from './pagination.ts';
import { NamedChoice, Nullable, StringEnum } from './schema.ts';
import { serviceNames } from './services.ts';

const anyone = { role: 'public', scope: 'read' } as const;
const admins = { role: 'admin', scope: 'write' } as const;
const loggedInAdmins = { ...admins, needsLogin: true } as const;
const { getJob, cancelJob, watchJob } = jobOperations('gateway');
const unknownUser = { 'gateway.unknown_user': [404, 'There is no such user.'] } as const;

/** Who calls. */
export const Caller = Type.Object(
  {
    kind: StringEnum(['nobody', 'local', 'user', 'key'], {
      description: '`local`: a call without credentials from this machine, where the gateway lets those pass',
    }),
    username: Type.Optional(Type.String({ description: 'Of a user' })),
    role: Type.Optional(StringEnum(roles, { description: 'Of a user' })),
    id: Type.Optional(Type.String({ description: 'Of a key' })),
    scopes: Type.Optional(Type.Array(Type.String(), { description: 'Of a key' })),
  },
  { title: 'Caller' },
);

/** A page of the jobs of all services. */
export const JobsOfAllPage = Type.Object(
  {
    items: Type.Array(Job),
    next_cursor: Nullable(Type.String()),
    unavailable: Type.Array(Type.String(), { description: 'Services that could not be asked' }),
  },
  { title: 'JobsOfAllPage' },
);

const SequenceParams = Type.Object({
  sequence: Type.Integer({ minimum: 1, description: 'The place of the message among the dead letters' }),
});
const sequenceCursor = Type.Optional(
  Type.String({ pattern: '^\\d{1,15}$', description: 'next_cursor of the page before' }),
);
const limit = Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Items per page' });

const login = {
  method: 'POST',
  tag: 'auth',
  access: anyone,
  body: { json: LoginBody },
  answers: { 200: { description: 'A pair of tokens', json: TokenPair } },
  errors: {
    'gateway.wrong_credentials': [401, 'The user name or the password is wrong.'],
    'gateway.too_many_logins': [429, 'Too many failed logins; try again later.'],
  },
  examples: { body: { username: 'ana', password: 'the password of the user' } },
} as const;

export const gatewayOperations = defineOperations('gateway', {
  login: { ...login, path: '/auth/login', summary: 'Log in' },
  loginOfEarlierClients: {
    ...login,
    path: '/login',
    tag: 'earlier clients',
    summary: 'Log in, at the address of the earlier system',
    legacy: true,
  },
  refresh: {
    method: 'POST',
    path: '/auth/refresh',
    tag: 'auth',
    summary: 'A new pair of tokens for a refresh token, which is good once',
    access: anyone,
    body: { json: RefreshBody },
    answers: { 200: { description: 'A pair of tokens', json: TokenPair } },
    errors: { 'gateway.invalid_refresh_token': [401, 'The refresh token is not valid; log in again.'] },
    examples: { body: { refresh_token: 'the refresh_token of a login' } },
  },
  logout: {
    method: 'POST',
    path: '/auth/logout',
    tag: 'auth',
    summary: 'End a login: its refresh tokens are void',
    access: anyone,
    body: { json: RefreshBody },
    answers: { 204: { description: 'The login has ended' } },
    errors: {},
    examples: { body: { refresh_token: 'the refresh_token of a login' } },
  },
  whoAmI: {
    method: 'GET',
    path: '/auth/me',
    tag: 'auth',
    summary: 'Who am I?',
    access: anyone,
    answers: { 200: { description: 'Whom the gateway takes the caller for', json: Caller } },
    errors: {},
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
    params: Type.Object({ id: Type.Integer({ description: 'The id of the user' }) }),
    body: { json: UserChange },
    answers: { 200: { description: 'The user as they are now', json: User } },
    errors: { ...unknownUser, 'gateway.last_admin': [409, 'Somebody must be an admin.'] },
    examples: { body: { role: 'viewer' } },
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
  revokeKey: {
    method: 'DELETE',
    path: '/keys/:id',
    tag: 'keys',
    summary: 'Revoke an API key',
    access: loggedInAdmins,
    params: Type.Object({ id: Type.String({ maxLength: 40, description: 'The id of the key' }) }),
    answers: { 204: { description: 'The key opens nothing any more' } },
    errors: { 'gateway.unknown_key': [404, 'There is no such key.'] },
  },
  readAudit: {
    method: 'GET',
    path: '/audit',
    tag: 'audit',
    summary: 'Who changed what, newest first',
    access: { role: 'admin', scope: 'read', needsLogin: true },
    query: Type.Object({
      limit,
      cursor: sequenceCursor,
      who: Type.Optional(Type.String({ maxLength: 100, description: 'Only what this caller did: `user:ana`' })),
    }),
    answers: { 200: { description: 'A page of entries', json: Page(AuditEntry) } },
    errors: {},
  },
  listDeadLetters: {
    method: 'GET',
    path: '/dead-letters',
    tag: 'messages',
    summary: 'Messages that could not be handled, and why; oldest first',
    access: admins,
    query: Type.Object({
      subject: Type.Optional(Type.String({ maxLength: 200, description: 'Only messages of this subject' })),
      limit,
      cursor: sequenceCursor,
    }),
    answers: { 200: { description: 'A page of messages', json: Page(DeadLetterItem) } },
    errors: {},
  },
  replayDeadLetter: {
    method: 'POST',
    path: '/dead-letters/:sequence/replay',
    tag: 'messages',
    summary: 'Hand a message to its consumer again',
    access: admins,
    params: SequenceParams,
    answers: { 204: { description: 'It was handed on' } },
    errors: { 'messaging.unknown_dead_letter': [404, 'There is no such message.'] },
  },
  discardDeadLetter: {
    method: 'DELETE',
    path: '/dead-letters/:sequence',
    tag: 'messages',
    summary: 'Give a message up for good',
    access: admins,
    params: SequenceParams,
    answers: { 204: { description: 'It is gone' } },
    errors: { 'messaging.unknown_dead_letter': [404, 'There is no such message.'] },
  },
  watchEvents: {
    method: 'GET',
    path: '/events',
    tag: 'messages',
    summary: 'Live events as server-sent events; resumes behind `Last-Event-ID`',
    description: 'A key or user of one service may watch its events: `subject=events.wine.>`.',
    access: { role: 'viewer', scope: 'read', service: '{subject}' },
    query: Type.Object({
      subject: Type.Optional(
        Type.String({
          pattern: '^events\\.([\\w*-]+\\.)*([\\w*-]+|>)$',
          maxLength: 200,
          description: 'Subjects below `events.`, with the wildcards of NATS; all if left out',
        }),
      ),
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'As `Last-Event-ID`; 0 for all that is kept' })),
    }),
    headers: Type.Object({
      'last-event-id': Type.Optional(
        Type.String({ pattern: '^\\d{1,15}$', description: 'The id of the last event that was seen' }),
      ),
    }),
    answers: { 200: { description: 'Events as they happen', events: Type.Unknown() } },
    errors: {},
  },
  sendCommand: {
    method: 'POST',
    path: '/commands/:service/:verb',
    tag: 'messages',
    summary: 'Publish a command: its payload is valid, and the broker has it, when this answers',
    access: { role: 'editor', scope: 'write', service: '{service}' },
    params: Type.Object({
      service: NamedChoice(serviceNames, { description: 'The service that is asked' }),
      verb: Type.String({ maxLength: 60, description: 'What it is to do' }),
    }),
    headers: JobHeaders,
    body: { json: Type.Unknown({ description: 'The payload of the command' }), optional: true },
    answers: { 202: { description: 'The command is kept until it is done', json: AcceptedCommand } },
    errors: {
      'gateway.unknown_command': [404, 'There is no such command.'],
      'gateway.invalid_payload': [400, 'The body is no payload of this command.'],
      'gateway.idempotency_conflict': [409, 'This Idempotency-Key came with another body before.'],
    },
    examples: { params: { service: 'wine', verb: 'ingest' }, body: { series: ['production'] } },
  },
  health: {
    method: 'GET',
    path: '/health',
    tag: 'health',
    summary: 'How every service is',
    access: anyone,
    answers: { 200: { description: 'All services', json: PlatformHealth } },
    errors: {},
  },
  listJobs: {
    method: 'GET',
    path: '/jobs',
    tag: 'jobs',
    summary: 'Jobs of all services, newest first',
    access: { role: 'viewer', scope: 'read', service: '{service}' },
    query: Type.Object({
      limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Items per page' }),
      cursor: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$', description: 'next_cursor of the page before' })),
      state: Type.Optional(StringEnum(jobStates, { description: 'Only jobs in this state' })),
      kind: Type.Optional(Type.String({ maxLength: 80, description: 'Only jobs of this kind' })),
      service: Type.Optional(StringEnum(serviceNames, { description: 'Only jobs of this service' })),
      ...JobsOfSender,
    }),
    answers: { 200: { description: 'A page of jobs', json: JobsOfAllPage } },
    errors: {},
  },
  getJob: { ...getJob, access: { ...getJob.access, service: '{id}' } },
  cancelJob: { ...cancelJob, access: { ...cancelJob.access, service: '{id}' } },
  watchJob: { ...watchJob, access: { ...watchJob.access, service: '{id}' } },
});
