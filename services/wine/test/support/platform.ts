import type { WineIngestion, WineIngestRequest, WineSeriesId, WineSeriesStatus } from '@vindima/contracts';
import { sandbox } from '@vindima/sandbox';
import { createLogger, type RunningService, type StartOptions, startService } from '@vindima/service-kit';
import { temporaryFolder } from '@vindima/test-servers';
import { wine } from '../../src/service.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

export const startSandbox = (environment: Record<string, string> = {}) =>
  startService(sandbox, { environment: { PORT: '0', ...environment }, logger });

/** A wine service over a sandbox, impatient enough for tests. Give a `DATA_DIR` to start it on what another left. */
export const startWine = (
  upstream: Pick<RunningService, 'url'>,
  environment: Record<string, string> = {},
  options: Omit<Partial<StartOptions>, 'environment'> = {},
) =>
  startService(wine, {
    environment: {
      PORT: '0',
      DATA_DIR: temporaryFolder(),
      SANDBOX_URL: upstream.url,
      WINE_TIMEOUT_SECONDS: '0.5',
      WINE_RETRIES: '1',
      WINE_SCHEDULE: 'off',
      WINE_INGEST_AT_START: 'false',
      WINE_FORECAST: 'false',
      ...environment,
    },
    logger,
    ...options,
  });

/** Makes the sandbox fail, or with undefined answer the truth again. */
export const breakSandbox = async (
  { url }: RunningService,
  fault?: { path: string; fault: string; times?: number },
) => {
  const init = fault === undefined ? { method: 'DELETE' } : post(fault);
  const response = await fetch(`${url}/sandbox/faults`, init);
  if (!response.ok) throw new Error(await response.text());
};

export const post = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export const until = async <Result>(look: () => Promise<Result | undefined> | Result | undefined): Promise<Result> => {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen within 20 s');
};

export const ended = ({ url }: RunningService, id: string): Promise<WineIngestion> =>
  until(async () => {
    const ingestion = (await (await fetch(`${url}/wine/ingestions/${id}`)).json()) as WineIngestion;
    return ingestion.finished_at === null ? undefined : ingestion;
  });

/** Asks for an ingestion and waits for its end. */
export const ingest = async (service: RunningService, request: WineIngestRequest = {}): Promise<WineIngestion> => {
  const response = await fetch(`${service.url}/wine/ingestions`, post(request));
  if (response.status !== 202) throw new Error(await response.text());
  const { id } = (await response.json()) as { id: string };
  return ended(service, id);
};

export const statusOf = async ({ url }: RunningService, id: WineSeriesId): Promise<WineSeriesStatus> => {
  const { items } = (await (await fetch(`${url}/wine/series`)).json()) as { items: WineSeriesStatus[] };
  const found = items.find((series) => series.id === id);
  if (found === undefined) throw new Error(`no status of ${id}`);
  return found;
};
