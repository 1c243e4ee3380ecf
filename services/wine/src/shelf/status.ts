import type { WineSeries, WineSeriesStatus } from '@vindima/contracts';
import type { SeriesState } from '../db/series-state.ts';
import type { Served } from './shelf.ts';

/** How a series is, from the last look at the database on; only the clock changes it. */
export interface SeriesStatus {
  readonly lastError: WineSeriesStatus['last_error'];
  isStale(now: Date): boolean;
  /** @returns undefined where there is no data */
  ageSeconds(now: Date): number | undefined;
  /** @returns a `WineSeriesStatus` as JSON */
  json(now: Date): string;
}

/**
 * Puts together what the catalogue, the database and the data that is served say of a series. Its data is stale at once when the last
 * attempt to refresh failed or there was none, else a while after the last good one.
 */
export const statusOf = (
  series: WineSeries,
  state: SeriesState | undefined,
  served: Served | undefined,
  staleAfterMs: number,
): SeriesStatus => {
  const manifest = served?.manifest;
  const lastError = state?.lastError ?? null;
  const checkedAt = manifest === undefined ? null : (state?.checkedAt ?? manifest.source.fetched_at);
  const checkedMs = checkedAt === null ? undefined : Date.parse(checkedAt);
  const staleFrom = checkedMs === undefined || lastError !== null ? 0 : checkedMs + staleAfterMs;
  const settled: Omit<WineSeriesStatus, 'age_seconds' | 'stale'> = {
    ...series,
    years: served?.years ?? null,
    rows: manifest?.rows ?? null,
    figures: manifest?.figures ?? null,
    warnings: [...(served?.table.warnings ?? [])],
    source: manifest?.source ?? null,
    fetched_at: manifest?.source.fetched_at ?? null,
    checked_at: checkedAt,
    last_error: lastError,
    object_key: manifest?.object_key ?? null,
  };
  const beginning = JSON.stringify(settled).slice(0, -1);
  const isStale = (now: Date) => now.getTime() > staleFrom;
  const ageSeconds = (now: Date) =>
    checkedMs === undefined ? undefined : Math.round(Math.max(now.getTime() - checkedMs, 0) / 1000);
  return {
    lastError,
    isStale,
    ageSeconds,
    json: (now) => {
      return `${beginning},"age_seconds":${ageSeconds(now) ?? null},"stale":${isStale(now)}}`;
    },
  };
};
