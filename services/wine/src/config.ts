import { Duration, Size, UpstreamUrl } from '@vindima/service-kit';
import { type Static, Type } from 'typebox';

/** How files are fetched; the Lambda entry reads these too. */
export const FetchConfig = Type.Object({
  VITIBRASIL_URL: UpstreamUrl('folder of the fifteen files: http://vitibrasil.cnpuv.embrapa.br/download'),
  WINE_TIMEOUT: Duration({
    default: '30s',
    minimum: '1ms',
    maximum: '10m',
    formerly: 'WINE_TIMEOUT_SECONDS',
    description: 'for one attempt',
  }),
  WINE_RETRIES: Type.Integer({ default: 3, minimum: 0, maximum: 10, description: 'attempts after the first' }),
  WINE_CONCURRENCY: Type.Integer({ default: 4, minimum: 1, maximum: 15, description: 'files fetched at once' }),
  WINE_MAXIMUM_FILE_SIZE: Size({
    default: '8MiB',
    minimum: '1B',
    maximum: '256MiB',
    formerly: 'WINE_MAXIMUM_FILE_BYTES',
    description: 'larger files are refused; the real ones have 43 kB at most',
  }),
});
export type FetchConfig = Static<typeof FetchConfig>;

/** The wine service's own variables. */
export const WineConfig = Type.Object({
  ...FetchConfig.properties,
  WINE_CATCH_UP: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'whether a scheduled run that was missed while the service was off is made good at its start',
  }),
  WINE_SCHEDULE: Type.String({
    default: '30 5 * * *',
    description: 'when everything is ingested: a cron pattern in UTC, or off',
  }),
  WINE_INGEST_AT_START: Type.Boolean({
    default: true,
    description: 'ingest at start the series that have no data yet',
  }),
  WINE_FORECAST: Type.Boolean({
    default: true,
    description: 'forecast all series after an ingestion that brought new data, and at start what has no forecast',
  }),
  WINE_REFRESH_INTERVAL: Duration({
    default: '5s',
    minimum: '50ms',
    maximum: '1h',
    formerly: 'WINE_REFRESH_SECONDS',
    description: 'how often to look for what other replicas have ingested',
  }),
  WINE_STALE_AFTER: Duration({
    default: '72h',
    minimum: '1ms',
    formerly: 'WINE_STALE_AFTER_HOURS',
    formerUnit: 'h',
    description: 'data that was not confirmed for so long counts as stale',
  }),
});
export type WineConfig = Static<typeof WineConfig>;
