import {
  ServiceError,
  type WineForecast,
  type WineForecastItem,
  type WineForecastQuery,
  wineOperations,
} from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { countryOf } from '../catalogue/countries.ts';
import { findSeries } from '../catalogue/find.ts';
import type { WineContext } from '../context.ts';
import { readForecast } from '../db/forecasts.ts';
import { rowTest } from '../query/vocabulary.ts';
import type { SeriesTable } from '../vitibrasil/table.ts';

/** The items that a query asks for: rows by name or country, else the total of the section, else of the series. */
const itemsOf = (table: SeriesTable, { items }: WineForecast, query: WineForecastQuery): WineForecastItem[] => {
  const { measure = 'quantity' } = query;
  const measured = items.filter((item) => item.measure === measure);
  if (measured.length === 0) {
    throw new ServiceError(400, 'wine.no_measure', `${table.series.id} has no ${measure}.`, {
      details: { measures: table.series.measures.map((known) => known.measure) },
    });
  }
  if (query.section === undefined && query.name === undefined && query.country === undefined) {
    return measured.filter(({ level }) => level === 'series');
  }
  const wanted = table.rows.filter(rowTest([table], query));
  const keys = new Set(wanted.map(({ section, name }) => JSON.stringify([section, name])));
  if (query.name !== undefined || query.country !== undefined) {
    const country =
      query.country === undefined ? undefined : new Set(wanted.map((row) => countryOf(row.country ?? '').name));
    return measured.filter(
      (item) =>
        item.level === 'row' &&
        keys.has(JSON.stringify([item.section, item.name])) &&
        (country?.has(item.country ?? '') ?? true),
    );
  }
  const sections = new Set(wanted.map(({ section }) => section));
  const named = measured.filter((item) => sections.has(item.section));
  const totals = named.filter(({ level }) => level === 'section');
  // A section without rows below it is a row of its own.
  return totals.length > 0 ? totals : named;
};

/** Answers the forecast of a row or a total, as it was made for the vintage that is served. */
export const getForecast = (context: WineContext) => {
  const { shelf, database } = context;
  implement(context, wineOperations.getForecast, async ({ query }) => {
    const { table, manifest } = shelf.get(findSeries(query.series));
    const vintage = manifest.source.sha256;
    const forecast = await readForecast(database.query, query.series, vintage);
    if (forecast === undefined) {
      throw new ServiceError(
        503,
        'wine.no_forecast',
        `The forecasts of this vintage of ${query.series} are not made yet.`,
        {
          headers: { 'retry-after': '10' },
        },
      );
    }
    const items = itemsOf(table, forecast, query);
    const [first] = items;
    if (first !== undefined && items.every(({ refused }) => refused !== null)) {
      throw new ServiceError(
        422,
        'wine.not_forecast',
        `${first.name ?? first.section ?? query.series} has no forecast. ${first.refused}`,
        {
          details: {
            items: items.map(({ section, name, country, kind, refused }) => ({
              section,
              name,
              country,
              kind,
              refused,
            })),
          },
        },
      );
    }
    const years = query.years ?? 5;
    return { ...forecast, items: items.map((item) => ({ ...item, years: item.years.slice(0, years) })) };
  });
};
