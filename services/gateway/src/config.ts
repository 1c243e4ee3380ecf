import { StringEnum } from '@vindima/contracts';
import { Secret } from '@vindima/service-kit';
import { type Static, Type } from 'typebox';

const ServiceUrls = (service: string, port: number) =>
  Type.String({
    default: `http://127.0.0.1:${port}`,
    pattern: '^https?://',
    description: `where ${service} is; several replicas separated by commas`,
  });

/** The gateway's own variables. */
export const GatewayConfig = Type.Object({
  WINE_URL: ServiceUrls('wine', 8101),
  IMAGES_URL: ServiceUrls('images', 8102),
  DATASETS_URL: ServiceUrls('datasets', 8103),
  INFERENCE_URL: ServiceUrls('inference', 8104),
  PRICING_URL: ServiceUrls('pricing', 8105),
  AUTH: StringEnum(['required', 'local'], {
    default: 'required',
    description: '`local` accepts calls without credentials from this machine only; npm start sets it',
  }),
  AUTH_SECRET: Type.Optional(
    Secret({
      description:
        'signs access tokens, 32 bytes at least; `new,old` while it is changed; default: generated and kept in the database',
    }),
  ),
  ADMIN_PASSWORD: Type.Optional(
    Secret({
      description: 'of the user `admin` at the first start, 10 characters at least; default: generated and shown once',
    }),
  ),
  ACCESS_TOKEN_MINUTES: Type.Number({ default: 15, minimum: 1, maximum: 1440 }),
  REFRESH_TOKEN_DAYS: Type.Number({ default: 30, minimum: 1, maximum: 365 }),
  CORS_ORIGINS: Type.Optional(Type.String({ description: 'origins whose pages may call, separated by commas' })),
  RATE_LIMIT: Type.Integer({
    default: 600,
    minimum: 1,
    description: 'requests a minute for each key, user or address',
  }),
  LOGIN_LIMIT: Type.Integer({
    default: 10,
    minimum: 1,
    description: 'failed logins in 15 minutes from one address for one user name; see the README for the wider bounds',
  }),
  UPSTREAM_TIMEOUT_SECONDS: Type.Number({ default: 300, minimum: 1, description: 'until a service begins its answer' }),
  AUDIT_RETENTION_DAYS: Type.Number({ default: 365, minimum: 1, description: 'how long the audit log is kept' }),
  MAX_UPLOAD_BYTES: Type.Integer({
    default: 4 * 1024 ** 3,
    minimum: 1,
    description: 'of a file that is passed on to a service',
  }),
});
export type GatewayConfig = Static<typeof GatewayConfig>;
