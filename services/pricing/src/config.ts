import { type CommonConfig, Duration, resolveUpstream, Secret, UpstreamUrl } from '@vindima/service-kit';
import { type Static, Type } from 'typebox';

const date = (description: string) => Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description }));

/** This service's own variables. */
export const PricingConfig = Type.Object({
  ECB_URL: UpstreamUrl("base of the ECB's data API: https://data-api.ecb.europa.eu/service"),
  CURRENCY_URL: UpstreamUrl('whole query for rates instead: an SDMX query, or a file of eurofxref'),
  STORE_URL: UpstreamUrl('base of the store: https://api.escuelajs.co/api/v1'),
  STORE_NAME: Type.Optional(Type.String({ alias: 'NAME', description: 'of the user that is created in the store' })),
  STORE_EMAIL: Type.Optional(Type.String({ alias: 'EMAIL', description: "the user's address; unset: no login" })),
  STORE_PASSWORD: Type.Optional(Secret({ alias: 'PASSWORD', description: 'letters and digits, at least 4' })),
  STORE_AVATAR: Type.String({
    alias: 'AVATAR',
    default: 'https://pictures.example/vindima.png',
    pattern: '^https?://',
    description: 'address of a picture of the user',
  }),
  STORE_CURRENCY: Type.String({ default: 'USD', pattern: '^[A-Z]{3}$', description: "what the store's prices are in" }),
  START_DATE: date('first day of a run that does not say; default END_DATE'),
  END_DATE: date('last day of a run that does not say; default today'),
  PRICING_CATEGORIES: Type.String({ default: '', description: 'of the daily run, separated by commas; all if empty' }),
  PRICING_CURRENCIES: Type.String({
    default: 'EUR',
    pattern: '^[A-Z]{3}(,[A-Z]{3})*$',
    description: 'of a run that does not say, separated by commas',
  }),
  PRICING_CATCH_UP: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'whether a scheduled run that was missed while the service was off is made good at its start',
  }),
  PRICING_SCHEDULE: Type.String({
    default: '30 15 * * 1-5',
    description: 'when everything is priced: a cron pattern in UTC, or off; the ECB publishes about 16:00 CET',
  }),
  PRICING_CHECK_SCHEDULE: Type.String({
    default: '20 2 * * *',
    description:
      'when the last 60 days, and on Sundays all rates, are read again and compared: a cron pattern in UTC, or off',
  }),
  PRICING_HISTORY_FROM: Type.String({
    default: '1999-01-04',
    pattern: '^(off|\\d{4}-\\d{2}-\\d{2})$',
    description: 'rates since then are loaded on first use; or off',
  }),
  PRICING_RUN_AT_START: Type.Boolean({
    default: true,
    description: 'run on first use, so that there are products to price',
  }),
  PRICING_OVERLAP: Duration({
    default: '7d',
    maximum: '3650d',
    formerly: 'PRICING_OVERLAP_DAYS',
    formerUnit: 'd',
    description: 'how far behind the last time an increment asks again for what was published',
  }),
  PRICING_TIMEOUT: Duration({
    default: '60s',
    minimum: '1ms',
    maximum: '10m',
    formerly: 'PRICING_TIMEOUT_SECONDS',
    description: 'for one attempt',
  }),
  PRICING_RETRIES: Type.Integer({ default: 3, minimum: 0, maximum: 10, description: 'attempts after the first' }),
});
export type PricingConfig = Static<typeof PricingConfig>;
type Config = Readonly<PricingConfig & CommonConfig>;

/** Whose rates and products these are: data of different sources are never mixed, and made-up data say that they are. */
export interface Sources {
  readonly currencyUrl: string;
  /** `ecb`, `sandbox`, or the host of another one. */
  readonly provider: string;
  readonly storeUrl: string;
  /** `sandbox`, or the store's host. */
  readonly store: string;
  readonly credentials: { name: string; email: string; password: string; avatar: string } | undefined;
}

/** Decides where rates and products come from. */
export const resolveSources = (config: Config): Sources => {
  const ecb = resolveUpstream(config, config.ECB_URL, {
    live: 'https://data-api.ecb.europa.eu/service',
    sandboxPath: '/ecb/service',
  });
  const query = `${ecb.url}/data/EXR/D..EUR.SP00.A`;
  const rates = resolveUpstream(config, presentAddress(config.CURRENCY_URL) ?? query, { live: query, sandboxPath: '' });
  const store = resolveUpstream(config, config.STORE_URL, {
    live: 'https://api.escuelajs.co/api/v1',
    sandboxPath: '/store/api/v1',
  });
  const host = new URL(rates.url).host;
  return {
    currencyUrl: rates.url,
    provider: rates.source === 'sandbox' ? 'sandbox' : /(^|\.)ecb\.europa\.eu$/.test(host) ? 'ecb' : host,
    storeUrl: store.url,
    store: store.source === 'sandbox' ? 'sandbox' : new URL(store.url).host,
    credentials: credentialsOf(config, store.source === 'sandbox'),
  };
};

/** The host of the ECB's API that no longer exists. */
export const formerHost = 'sdw-wsrest.ecb.europa.eu';
const presentHost = 'data-api.ecb.europa.eu';

/** Of an address at the ECB's former host, the same query at the present one. */
const presentAddress = (address: string | undefined): string | undefined => {
  if (address === undefined || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.hostname !== formerHost) return address;
  url.protocol = 'https:';
  url.host = presentHost;
  return url.href;
};

/** The sandbox takes anybody; the real store's catalogue is public, so that no login is no obstacle there. */
const credentialsOf = (config: Config, sandbox: boolean): Sources['credentials'] => {
  const { STORE_NAME: name, STORE_EMAIL: email, STORE_PASSWORD: password, STORE_AVATAR: avatar } = config;
  if (email !== undefined && password !== undefined) return { name: name ?? 'Vindima', email, password, avatar };
  return sandbox ? { name: 'Vindima', email: 'vindima@example.com', password: 'sandbox1', avatar } : undefined;
};
