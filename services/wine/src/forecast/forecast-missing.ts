import type { WineContext } from '../context.ts';
import { forecastVintages } from '../db/forecasts.ts';
import type { ForecastingJob } from '../jobs/forecasting.ts';

/** Asks for forecasts when some of what is served has none; one job for one set of vintages. */
export const forecastMissing = async (
  { config, database, shelf, logger }: WineContext,
  forecasting: ForecastingJob,
) => {
  if (!config.WINE_FORECAST) return;
  const made = await forecastVintages(database.query);
  const keys = shelf.all().map(({ table, manifest }) => `${table.series.id} ${manifest.source.sha256}`);
  const missing = keys.filter((key) => !made.has(key));
  if (missing.length === 0) return;
  const job = await forecasting.start({});
  logger.info({ job: job.id, series: missing.length }, 'series without forecasts are forecast');
};
