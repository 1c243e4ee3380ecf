import { StringEnum } from '@vindima/contracts';
import { type Static, Type } from 'typebox';
import { Duration, Size } from './quantity.ts';
import { Secret } from './variable.ts';

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
      pattern: '^(nats|tls)://',
      secret: true,
      description: 'nats://host:4222; default: messages stay in this process',
    }),
  ),
  NATS_PREFIX: Type.Optional(
    Type.String({ pattern: '^[a-zA-Z0-9-]{1,32}$', description: 'keeps platforms on one NATS server apart' }),
  ),
  NATS_SYNC_INTERVAL: Duration({
    default: '2m',
    maximum: '1d',
    description: "the broker's sync_interval: for so long it may lose what it has acknowledged; 0 for always",
  }),
  OBJECT_STORE_URL: Type.Optional(
    Type.String({
      pattern: '^(file:|s3://)',
      description: 's3://bucket?endpoint=http://host:8333 or file:folder; default: a folder in DATA_DIR',
    }),
  ),
  AWS_ACCESS_KEY_ID: Type.Optional(Type.String({ description: 'of S3; default: what the AWS SDK finds' })),
  AWS_SECRET_ACCESS_KEY: Type.Optional(Secret({ description: 'of S3' })),
  AWS_SESSION_TOKEN: Type.Optional(Secret({ description: 'of S3, where the key is a temporary one' })),
  UPSTREAMS: StringEnum(['sandbox', 'live'], { default: 'sandbox', description: 'whose APIs are called' }),
  SANDBOX_URL: Type.String({ default: 'http://127.0.0.1:8109', pattern: '^https?://' }),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^/?#]+(/[^?#]*)?$',
      description: 'where the gateway is reached from outside, with the path below which a proxy serves it',
    }),
  ),
  TRUSTED_PROXIES: Type.Optional(
    Type.String({
      pattern: '^[\\da-fA-F.:/, ]+$',
      description: 'addresses and networks whose X-Forwarded-For is believed, separated by commas',
    }),
  ),
  INTERNAL_TOKEN: Type.Optional(
    Secret({ description: 'when set, only calls that carry it are answered; `new,old` while it is changed' }),
  ),
  MINIMUM_FREE_SPACE: Size({
    default: '256MiB',
    description: 'files are refused while a disk that is written to has less room; 0: never',
  }),
  JOB_CONCURRENCY: Type.Integer({ default: 2, minimum: 1, maximum: 64, description: 'jobs that run at once' }),
  JOB_RETENTION: Duration({
    default: '30d',
    formerly: 'JOB_RETENTION_DAYS',
    formerUnit: 'd',
    description: 'how long finished jobs are kept',
  }),
});
export type CommonConfig = Static<typeof CommonConfig>;
