import { defineService } from '@vindima/service-kit';
import { catalogue } from './catalogue/catalogue.ts';
import { WineConfig } from './config.ts';
import { wineMigrations } from './db/series-table.ts';
import { handleIngest } from './handlers/ingest.ts';
import { adoptManifests } from './ingest/database-book.ts';
import { ingestMissing } from './ingest/ingest-missing.ts';
import { defineIngestion, type WineContext } from './ingest/job.ts';
import { getChecks } from './routes/get-checks.ts';
import { getLegacy } from './routes/get-legacy.ts';
import { getSeries } from './routes/get-series.ts';
import { getIngestion, startIngestion } from './routes/ingestions.ts';
import { listSeries } from './routes/list-series.ts';
import { keepFresh } from './shelf/keep-fresh.ts';
import { createShelf } from './shelf/shelf.ts';

/** VitiBrasil's fifteen files in; JSON, CSV, Arrow and Parquet out. */
export const wine = defineService({
  name: 'wine',
  title: 'Wine',
  description: "Brazil's wine statistics (Embrapa's VitiBrasil) as JSON, CSV, Arrow and Parquet",
  port: 8101,
  config: WineConfig,
  migrations: wineMigrations,
  async compose(context: WineContext) {
    const { config, database, objects, logger, clock, schedule, onStart } = context;
    const staleAfterMs = config.WINE_STALE_AFTER;
    const shelf = createShelf({ query: database.query, objects, logger, clock, staleAfterMs });
    const ingestion = defineIngestion(context, shelf);
    getLegacy(context, shelf);
    listSeries(context, shelf);
    getSeries(context, shelf);
    getChecks(context, shelf);
    startIngestion(context, ingestion);
    getIngestion(context);
    await handleIngest(context, ingestion);
    schedule.cron('WINE_SCHEDULE', config.WINE_SCHEDULE, (planned) =>
      ingestion.start({}, { idempotencyKey: `schedule-${planned.toISOString()}` }),
    );
    const series = catalogue.map(({ id }) => id);
    await adoptManifests(database, objects, series);
    await shelf.refresh();
    keepFresh(context, shelf);
    onStart(() => ingestMissing(context, shelf, ingestion));
  },
});
