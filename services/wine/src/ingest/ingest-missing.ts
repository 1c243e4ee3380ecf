import { wineIngestionKind } from '@vindima/contracts';
import { catalogue } from '../catalogue/catalogue.ts';
import type { WineKit } from '../context.ts';
import type { IngestionJob } from '../jobs/ingestion.ts';
import type { Shelf } from '../shelf/shelf.ts';

/** At start: asks for the series that have no data, unless an ingestion is under way. */
export const ingestMissing = async ({ config, jobs, logger }: WineKit, shelf: Shelf, ingestion: IngestionJob) => {
  const missing = catalogue.filter((series) => !shelf.has(series)).map(({ id }) => id);
  if (!config.WINE_INGEST_AT_START || missing.length === 0) return;
  for (const state of ['queued', 'running']) {
    const { items } = await jobs.list({ kind: wineIngestionKind, state, limit: 1 });
    if (items.length > 0) return;
  }
  const job = await ingestion.start(missing.length === catalogue.length ? {} : { series: missing });
  logger.info({ job: job.id, series: missing.length }, 'series without data are ingested');
};
