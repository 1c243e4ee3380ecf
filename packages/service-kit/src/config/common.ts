import { StringEnum } from '@vindima/contracts';
import { type Static, Type } from 'typebox';
import { Secret } from './environment.ts';
import { Size } from './quantity.ts';

/** The variables that every service reads. */
export const CommonConfig = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
  PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535, description: "default: the service's own" })),
  LOG_LEVEL: StringEnum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  DATA_DIR: Type.String({
    default: 'data',
    description: 'folder of all state that no other variable places elsewhere',
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^(mysql|sqlite):',
      secret: true,
      description: 'mysql://user:password@host:3306/name or sqlite:path; default: a SQLite file in DATA_DIR',
    }),
  ),
  NATS_URL: Type.Optional(
    Type.String({
      pattern: '^(nats|tls|ws|wss)://',
      secret: true,
      description: 'nats://host:4222; default: messages stay in this process',
    }),
  ),
  NATS_PREFIX: Type.Optional(
    Type.String({ pattern: '^[a-zA-Z0-9_-]{1,32}$', description: 'keeps platforms on one NATS server apart' }),
  ),
  OBJECT_STORE_URL: Type.Optional(
    Type.String({
      pattern: '^(file:|s3://)',
      description: 's3://bucket?endpoint=http://host:8333 or file:folder; default: a folder in DATA_DIR',
    }),
  ),
  UPSTREAMS: StringEnum(['sandbox', 'live'], { default: 'sandbox', description: 'whose APIs are called' }),
  SANDBOX_URL: Type.String({ default: 'http://127.0.0.1:8109', pattern: '^https?://' }),
  TRUSTED_PROXIES: Type.Optional(
    Type.String({
      pattern: '^[\\da-fA-F.:/, ]+$',
      description: 'addresses and networks whose X-Forwarded-For is believed, separated by commas',
    }),
  ),
  INTERNAL_TOKEN: Type.Optional(Secret({ description: 'when set, only calls that carry it are answered' })),
  MINIMUM_FREE_SPACE: Size({
    default: '256MiB',
    description: 'files are refused while a disk that is written to has less room; 0: never',
  }),
  JOB_CONCURRENCY: Type.Integer({ default: 2, minimum: 1, maximum: 64, description: 'jobs that run at once' }),
  JOB_RETENTION_DAYS: Type.Number({ default: 30, minimum: 0, description: 'how long finished jobs are kept' }),
});
export type CommonConfig = Static<typeof CommonConfig>;
