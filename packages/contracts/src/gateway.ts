import { type Static, Type } from 'typebox';
import { Nullable, StringEnum, Timestamp } from './schema.ts';

/** What a user may do: a viewer reads, an editor changes things, an admin also decides who may pass. */
export const roles = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof roles)[number];
export const isRole = (name: unknown): name is Role => roles.some((role) => role === name);

const UserName = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._@-]+$', examples: ['ana'] });
const Password = Type.String({ minLength: 1, maxLength: 200 });
/** A new password: long enough that guessing it takes forever (NIST SP 800-63B asks for 8 at least). */
const NewPassword = Type.String({ minLength: 10, maxLength: 200 });

export const LoginBody = Type.Object({ username: UserName, password: Password });
export type LoginBody = Static<typeof LoginBody>;
export const RefreshBody = Type.Object({ refresh_token: Type.String({ minLength: 1, maxLength: 200 }) });

export const TokenPair = Type.Object(
  {
    access_token: Type.String({ description: 'Send it as `Authorization: Bearer <token>`' }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds until the access token ends' }),
    refresh_token: Type.String({ description: 'Good once, for the next pair' }),
    user: Type.Object({ username: Type.String(), role: StringEnum(roles) }),
  },
  { title: 'TokenPair' },
);
export type TokenPair = Static<typeof TokenPair>;

export const User = Type.Object(
  {
    id: Type.Integer(),
    username: Type.String(),
    role: StringEnum(roles),
    disabled: Type.Boolean(),
    created_at: Timestamp,
  },
  { title: 'User' },
);
export type User = Static<typeof User>;
export const NewUser = Type.Object({ username: UserName, password: NewPassword, role: StringEnum(roles) });
export type NewUser = Static<typeof NewUser>;
export const UserChange = Type.Object(
  {
    role: Type.Optional(StringEnum(roles)),
    disabled: Type.Optional(Type.Boolean()),
    password: Type.Optional(NewPassword),
  },
  { minProperties: 1, additionalProperties: false },
);
export type UserChange = Static<typeof UserChange>;

/** `<service>:read`, `<service>:write`, or `*` for a service. */
const Scope = Type.String({
  pattern: '^(wine|images|datasets|inference|pricing|gateway|\\*):(read|write)$',
  examples: ['wine:read', '*:write'],
});

/** Whether a scope lets its holder do something with a service: to write includes to read. */
export const coversScope = (scope: string, service: string, access: 'read' | 'write'): boolean => {
  const [name, allowed] = scope.split(':');
  return (name === '*' || name === service) && (allowed === 'write' || allowed === access);
};

export const ApiKey = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(Scope),
    created_by: Type.String(),
    created_at: Timestamp,
    last_used_at: Nullable(Timestamp),
    expires_at: Nullable(Timestamp),
    revoked_at: Nullable(Timestamp),
  },
  { title: 'ApiKey' },
);
export type ApiKey = Static<typeof ApiKey>;
export const NewApiKey = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  scopes: Type.Array(Scope, { minItems: 1, maxItems: 40, uniqueItems: true }),
  expires_at: Type.Optional(Timestamp),
});
export type NewApiKey = Static<typeof NewApiKey>;
export const CreatedApiKey = Type.Object(
  {
    ...ApiKey.properties,
    key: Type.String({ description: 'Shown this once; send it as `X-Api-Key` or as a bearer token' }),
  },
  { title: 'CreatedApiKey' },
);

export const AuditEntry = Type.Object(
  {
    id: Type.Integer(),
    at: Timestamp,
    who: Type.String({
      description: '`user:<name>`, `key:<id>`, or `local` for a call without credentials in embedded mode',
    }),
    method: Type.String(),
    path: Type.String(),
    service: Type.String(),
    status: Type.Integer({ description: '499 where the client went before its answer began' }),
    request_id: Type.String(),
    address: Type.String(),
    detail: Type.Optional(
      Type.String({
        maxLength: 500,
        description: 'What exactly: the user, key or name it was about, and what became of it; never a secret',
        examples: ['user 3 ana: role editor, password'],
      }),
    ),
  },
  { title: 'AuditEntry' },
);
export type AuditEntry = Static<typeof AuditEntry>;

export const ServiceHealth = Type.Object({
  status: StringEnum(['ok', 'not ready', 'down']),
  replicas: Type.Optional(
    Type.Array(
      Type.Object({
        url: Type.String(),
        status: StringEnum(['ok', 'not ready', 'down']),
        version: Nullable(Type.String()),
        checks: Type.Record(Type.String(), Type.String()),
      }),
      { description: 'For callers with credentials only' },
    ),
  ),
});
export type ServiceHealth = Static<typeof ServiceHealth>;
export const PlatformHealth = Type.Object(
  {
    status: StringEnum(['ok', 'degraded'], { description: '`degraded` while any service is not ready' }),
    version: Type.String(),
    services: Type.Record(Type.String(), ServiceHealth),
  },
  { title: 'PlatformHealth' },
);
export type PlatformHealth = Static<typeof PlatformHealth>;

export const DeadLetterItem = Type.Object(
  {
    sequence: Type.Integer(),
    subject: Type.String(),
    message_id: Type.String(),
    consumer: Type.String(),
    attempts: Type.Integer(),
    error: Type.String(),
    first_failed_at: Timestamp,
    last_failed_at: Timestamp,
    payload: Type.Unknown(),
  },
  { title: 'DeadLetter' },
);

export const AcceptedCommand = Type.Object(
  {
    id: Type.String({ description: 'The message id; a repeat of the same id is handled once' }),
    subject: Type.String(),
  },
  { title: 'AcceptedCommand' },
);
