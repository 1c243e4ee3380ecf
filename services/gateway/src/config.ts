import { StringEnum } from '@vindima/contracts';
import { Duration, Secret, Size } from '@vindima/service-kit';
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
  GATEWAY_ACCESS_TOKEN_LIFETIME: Duration({
    default: '15m',
    minimum: '1m',
    maximum: '1d',
    formerly: 'ACCESS_TOKEN_MINUTES',
    formerUnit: 'm',
    description: 'how long an access token is good',
  }),
  GATEWAY_REFRESH_TOKEN_LIFETIME: Duration({
    default: '30d',
    minimum: '1d',
    maximum: '365d',
    formerly: 'REFRESH_TOKEN_DAYS',
    formerUnit: 'd',
    description: 'how long a refresh token is good, once',
  }),
  CORS_ORIGINS: Type.Optional(Type.String({ description: 'origins whose pages may call, separated by commas' })),
  GATEWAY_RATE_LIMIT: Type.Integer({
    default: 600,
    minimum: 0,
    formerly: 'RATE_LIMIT',
    description: 'requests a minute for each key, user or address; 0: no limit',
  }),
  GATEWAY_LOGIN_LIMIT: Type.Integer({
    default: 10,
    minimum: 1,
    formerly: 'LOGIN_LIMIT',
    description: 'failed logins in 15 minutes from one address for one user name; see the README for the wider bounds',
  }),
  GATEWAY_UPSTREAM_TIMEOUT: Duration({
    default: '5m',
    minimum: '1s',
    maximum: '24d',
    formerly: 'UPSTREAM_TIMEOUT_SECONDS',
    description: 'until a service begins its answer',
  }),
  GATEWAY_AUDIT_RETENTION: Duration({
    default: '365d',
    minimum: '1d',
    formerly: 'AUDIT_RETENTION_DAYS',
    formerUnit: 'd',
    description: 'how long the audit log is kept',
  }),
  GATEWAY_MAXIMUM_UPLOAD_SIZE: Size({
    default: '4GiB',
    minimum: '1B',
    formerly: 'MAX_UPLOAD_BYTES',
    description: 'of a file that is passed on to a service',
  }),
});
export type GatewayConfig = Static<typeof GatewayConfig>;
