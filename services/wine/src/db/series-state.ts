import type { WineSeriesId, WineSeriesStatus } from '@vindima/contracts';
import { fromJson, insertIgnore, toJson } from '@vindima/database';
import type { Manifest } from '../lake/manifest.ts';
import type { WineQueries } from './tables.ts';

type SeriesError = NonNullable<WineSeriesStatus['last_error']>;

/** A row, read. */
export interface SeriesState {
  readonly manifest: Manifest | undefined;
  readonly checkedAt: string | null;
  readonly lastError: SeriesError | null;
}

const read = (row: { manifest: string | null; checked_at: string | null; last_error: string | null }): SeriesState => ({
  manifest: row.manifest === null ? undefined : fromJson<Manifest>(row.manifest),
  checkedAt: row.checked_at,
  lastError: row.last_error === null ? null : fromJson<SeriesError>(row.last_error),
});

/** @returns the state of every series that has one, by its id. */
export const readStates = async (query: WineQueries): Promise<ReadonlyMap<string, SeriesState>> => {
  const rows = await query.selectFrom('series_state').selectAll().execute();
  return new Map(rows.map((row) => [row.series, read(row)]));
};

export const readState = async (query: WineQueries, series: WineSeriesId): Promise<SeriesState | undefined> => {
  const row = await query.selectFrom('series_state').selectAll().where('series', '=', series).executeTakeFirst();
  return row === undefined ? undefined : read(row);
};

/** Every write is an update, so that two of them at once do not both insert. */
const ensureRow = async (query: WineQueries, series: WineSeriesId) => {
  await insertIgnore(query, 'series_state', [
    { series, run: null, manifest: null, checked_at: null, last_error: null },
  ]);
};

/**
 * Records new data, if the data before is still the one that the ingestion began with.
 *
 * @returns whether it was
 */
export const writeIngested = async (
  query: WineQueries,
  manifest: Manifest,
  before: Manifest | undefined,
): Promise<boolean> => {
  await ensureRow(query, manifest.series);
  const { numUpdatedRows } = await query
    .updateTable('series_state')
    .set({
      run: manifest.run,
      manifest: toJson(manifest),
      checked_at: manifest.source.fetched_at,
      last_error: null,
    })
    .where('series', '=', manifest.series)
    .where('run', before === undefined ? 'is' : '=', before?.run ?? null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

export const writeUnchanged = async (query: WineQueries, series: WineSeriesId, at: string) => {
  await ensureRow(query, series);
  await query
    .updateTable('series_state')
    .set({ checked_at: at, last_error: null })
    .where('series', '=', series)
    .execute();
};

export const writeFailed = async (query: WineQueries, series: WineSeriesId, error: SeriesError) => {
  await ensureRow(query, series);
  await query
    .updateTable('series_state')
    .set({ last_error: toJson(error) })
    .where('series', '=', series)
    .execute();
};
