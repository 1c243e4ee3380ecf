import type { WineForecast, WineSeriesId } from '@vindima/contracts';
import { fromJson, toJson } from '@vindima/database';
import type { WineQueries } from './tables.ts';

/** Writes the forecasts of a series; those of earlier runs of the same vintage go. */
export const writeForecast = async (query: WineQueries, run: string, series: WineSeriesId, forecast: WineForecast) => {
  await query.deleteFrom('forecasts').where('series', '=', series).where('vintage', '=', forecast.vintage).execute();
  await query
    .insertInto('forecasts')
    .values({ run, series, vintage: forecast.vintage, made_at: forecast.made_at, body: toJson(forecast) })
    .execute();
};

/** @returns the newest forecast of a vintage */
export const readForecast = async (
  query: WineQueries,
  series: WineSeriesId,
  vintage: string,
): Promise<WineForecast | undefined> => {
  const row = await query
    .selectFrom('forecasts')
    .select('body')
    .where('series', '=', series)
    .where('vintage', '=', vintage)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : fromJson<WineForecast>(row.body);
};

/** @returns the vintages that have a forecast, as `series sha256` */
export const forecastVintages = async (query: WineQueries): Promise<ReadonlySet<string>> => {
  const rows = await query.selectFrom('forecasts').select(['series', 'vintage']).execute();
  return new Set(rows.map(({ series, vintage }) => `${series} ${vintage}`));
};
