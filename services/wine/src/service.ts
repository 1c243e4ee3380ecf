import { services } from '@vindima/contracts';
import { defineService, scheduledRetries } from '@vindima/service-kit';
import { catalogue } from './catalogue/catalogue.ts';
import { WineConfig } from './config.ts';
import type { WineContext, WineKit } from './context.ts';
import { wineMigrations } from './db/migrations.ts';
import { forecastMissing } from './forecast/forecast-missing.ts';
import { adoptManifests } from './ingest/database-book.ts';
import { ingestMissing } from './ingest/ingest-missing.ts';
import { defineForecasting } from './jobs/forecasting.ts';
import { defineIngestion } from './jobs/ingestion.ts';
import { handleForecast } from './messages/forecast.ts';
import { handleIngest } from './messages/ingest.ts';
import { analyse } from './operations/analyse.ts';
import { getBalance } from './operations/get-balance.ts';
import { getChecks } from './operations/get-checks.ts';
import { getForecast } from './operations/get-forecast.ts';
import { getIngestion } from './operations/get-ingestion.ts';
import { getLegacy } from './operations/get-legacy.ts';
import { getSeries } from './operations/get-series.ts';
import { getSource } from './operations/get-source.ts';
import { ingest } from './operations/ingest.ts';
import { listChanges } from './operations/list-changes.ts';
import { listHeld } from './operations/list-held.ts';
import { listSeries } from './operations/list-series.ts';
import { listVintages } from './operations/list-vintages.ts';
import { makeForecasts } from './operations/make-forecasts.ts';
import { keepFresh } from './shelf/keep-fresh.ts';
import { measureSeries } from './shelf/measure-series.ts';
import { createShelf } from './shelf/shelf.ts';

/** VitiBrasil's fifteen files in; JSON, CSV, Arrow and Parquet out. */
export const wine = defineService({
  name: 'wine',
  ...services.wine,
  config: WineConfig,
  migrations: wineMigrations,
  async compose(kit: WineKit) {
    const { config, database, objects, logger, clock, schedule, onStart } = kit;
    const staleAfterMs = config.WINE_STALE_AFTER;
    const shelf = createShelf({ query: database.query, objects, logger, clock, staleAfterMs });
    const context: WineContext = { ...kit, shelf };
    measureSeries(context);
    const forecasting = defineForecasting(context);
    const ingestion = defineIngestion(context, forecasting);
    getLegacy(context);
    listSeries(context);
    getSeries(context);
    getChecks(context);
    getSource(context);
    listVintages(context);
    listHeld(context);
    listChanges(context);
    ingest(context, ingestion);
    getIngestion(context);
    analyse(context);
    getBalance(context);
    getForecast(context);
    makeForecasts(context, forecasting);
    await handleIngest(context, ingestion);
    await handleForecast(context, forecasting);
    schedule.cron(
      'WINE_SCHEDULE',
      config.WINE_SCHEDULE,
      (planned) =>
        ingestion.start({}, { idempotencyKey: `schedule-${planned.toISOString()}`, retries: scheduledRetries }),
      { catchUp: config.WINE_CATCH_UP === 'on' },
    );
    const series = catalogue.map(({ id }) => id);
    await adoptManifests(database, objects, series);
    await shelf.refresh();
    keepFresh(context, shelf);
    onStart(() => ingestMissing(context, shelf, ingestion));
    onStart(() => forecastMissing(context, forecasting));
  },
});
