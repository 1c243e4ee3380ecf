import type { WineSeries, WineSeriesStatus } from '@vindima/contracts';
import type { SeriesState } from '../db/series-state.ts';
import type { Served } from './shelf.ts';

/** When the source last confirmed or changed what is served. */
const checkedAt = (state: SeriesState | undefined, served: Served | undefined): string | null =>
  served === undefined ? null : (state?.checkedAt ?? served.manifest.source.fetched_at);

/**
 * @returns the time, in milliseconds since 1970, from which on the data counts as stale: at once when the last attempt to
 * refresh failed or there was none, else a while after the last good one
 */
export const staleFrom = (state: SeriesState | undefined, served: Served | undefined, staleAfterMs: number): number => {
  const checked = checkedAt(state, served);
  return checked === null || (state?.lastError ?? null) !== null ? 0 : Date.parse(checked) + staleAfterMs;
};

/** How a series is: what the catalogue, the database and the data that is served say of it. */
export const statusOf = (
  series: WineSeries,
  state: SeriesState | undefined,
  served: Served | undefined,
  now: Date,
  staleAfterMs: number,
): WineSeriesStatus => {
  const manifest = served?.manifest;
  const checked = checkedAt(state, served);
  const age = checked === null ? null : Math.max(now.getTime() - Date.parse(checked), 0);
  return {
    ...series,
    years: served === undefined ? null : served.years,
    rows: manifest?.rows ?? null,
    figures: manifest?.figures ?? null,
    warnings: served === undefined ? [] : [...served.table.warnings],
    source: manifest?.source ?? null,
    fetched_at: manifest?.source.fetched_at ?? null,
    checked_at: checked,
    age_seconds: age === null ? null : Math.round(age / 1000),
    stale: now.getTime() > staleFrom(state, served, staleAfterMs),
    last_error: state?.lastError ?? null,
    object_key: manifest?.object_key ?? null,
  };
};
