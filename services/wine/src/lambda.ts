import { randomUUID } from 'node:crypto';
import { ServiceError, type WineIngestionResult, WineIngestRequest } from '@vindima/contracts';
import { openObjectStore } from '@vindima/object-store';
import { CommonConfig, createLogger, createUpstreamClient, type Environment, readConfig } from '@vindima/service-kit';
import { Type } from 'typebox';
import Value from 'typebox/value';
import { FetchConfig } from './config.ts';
import { createLakeBook } from './ingest/lake-book.ts';
import { runIngestion } from './ingest/run-ingestion.ts';
import { fetchSettings } from './ingest/settings.ts';

/** A function is deployed to fetch from the site; only the service plays in the sandbox unless told otherwise. */
const LambdaConfig = Type.Object({
  ...FetchConfig.properties,
  ...Type.Pick(CommonConfig, ['LOG_LEVEL', 'SANDBOX_URL']).properties,
  UPSTREAMS: Type.Union([Type.Literal('live'), Type.Literal('sandbox')], { default: 'live' }),
  OBJECT_STORE_URL: Type.String({ pattern: '^(file:|s3://)', description: 's3://bucket' }),
});

/** What of an event is ours; schedulers put more into theirs. */
const requestOf = (event: unknown): WineIngestRequest => {
  const { series, force } = (typeof event === 'object' && event !== null ? event : {}) as Record<string, unknown>;
  const request = { ...(series === undefined ? {} : { series }), ...(force === undefined ? {} : { force }) };
  if (Value.Check(WineIngestRequest, request)) return request;
  throw new ServiceError(
    400,
    'wine.invalid_request',
    'The event has series that do not exist, or a force that is no boolean.',
  );
};

/**
 * Runs one ingestion with nothing but an object store: the manifests there are its state.
 *
 * @param environment `OBJECT_STORE_URL`, and what `FetchConfig` has
 * @returns what became of each series
 * @throws ServiceError 502 `wine.ingestion_failed` when no series could be ingested, so that the function is retried
 */
export const ingestInto = async (environment: Environment, event: unknown): Promise<WineIngestionResult> => {
  const config = readConfig(LambdaConfig, environment);
  const request = requestOf(event);
  const logger = createLogger({ name: 'wine-lambda', level: config.LOG_LEVEL });
  const { signal } = new AbortController();
  const http = createUpstreamClient({ signal });
  try {
    const objects = await openObjectStore(config.OBJECT_STORE_URL, { logger });
    try {
      const ports = {
        http,
        settings: fetchSettings(config),
        clock: () => new Date(),
        signal,
        objects,
        logger,
        book: createLakeBook(objects),
      };
      const result = await runIngestion(ports, `lambda-${randomUUID()}`, request);
      if (result.outcome !== 'failed') return result;
      throw new ServiceError(502, 'wine.ingestion_failed', 'No series could be ingested.', { details: { result } });
    } finally {
      await objects.close();
    }
  } finally {
    await http.close();
  }
};

/** The entry for AWS Lambda: `{"series": ["production"], "force": false}`, both optional. */
export const handler = (event: unknown): Promise<WineIngestionResult> => ingestInto(process.env, event);
