import { ServiceError, type WineChecks, type WineSeries, type WineSeriesStatus } from '@vindima/contracts';
import type { ObjectStore } from '@vindima/object-store';
import type { Logger } from '@vindima/service-kit';
import { catalogue } from '../catalogue/catalogue.ts';
import { checkTotals } from '../checks/totals.ts';
import { readStates, type SeriesState } from '../db/series-state.ts';
import type { WineQueries } from '../db/series-table.ts';
import type { Manifest } from '../lake/manifest.ts';
import { legacyJson } from '../legacy/json.ts';
import { type Prebuilt, prebuild } from '../legacy/prebuilt.ts';
import { parse } from '../vitibrasil/parse.ts';
import { type SeriesTable, yearsOf } from '../vitibrasil/table.ts';
import { staleFrom, statusOf } from './status.ts';

/** The data of a series, made ready to be sent. */
export interface Served {
  readonly manifest: Manifest;
  readonly table: SeriesTable;
  readonly years: { readonly first: number; readonly last: number };
  readonly checks: WineChecks;
  /** The body of the existing address. */
  readonly legacy: Prebuilt;
}

export interface ShelfOptions {
  readonly query: WineQueries;
  readonly objects: ObjectStore;
  readonly logger: Logger;
  readonly clock: () => Date;
  readonly staleAfterMs: number;
}

/** What is served, in memory: a request never waits for the database, the object store or the upstream. */
export interface Shelf {
  /** Takes over what was ingested since the last time, here or by another replica. One at a time. */
  refresh(): Promise<void>;
  /** @throws 503 `wine.no_data` before the first ingestion of the series */
  get(series: WineSeries): Served;
  has(series: WineSeries): boolean;
  status(series: WineSeries): WineSeriesStatus;
  isStale(series: WineSeries): boolean;
}

const make = (series: WineSeries, manifest: Manifest, bytes: Uint8Array): Served => {
  const table = parse(series, bytes);
  const legacy = prebuild(legacyJson(table));
  return { manifest, table, years: yearsOf(table), checks: checkTotals(table), legacy };
};

export const createShelf = (options: ShelfOptions): Shelf => {
  const { query, objects, logger, clock, staleAfterMs } = options;
  const served = new Map<string, Served>();
  let states: ReadonlyMap<string, SeriesState> = new Map();
  /** Worked out once, as every answer says whether it is stale. */
  const staleTimes = new Map<string, number>();
  let refreshing: Promise<void> = Promise.resolve();

  const load = async (series: WineSeries, manifest: Manifest) => {
    try {
      // The source was parsed before it was stored, so its size is known to be bearable.
      const bytes = await objects.get(manifest.source_key, { maximumBytes: manifest.source.bytes });
      served.set(series.id, make(series, manifest, bytes));
    } catch (error) {
      logger.warn({ err: error, series: series.id, run: manifest.run }, 'stored data could not be loaded');
    }
  };
  const refresh = async () => {
    states = await readStates(query);
    for (const series of catalogue) {
      const manifest = states.get(series.id)?.manifest;
      if (manifest !== undefined && manifest.run !== served.get(series.id)?.manifest.run) await load(series, manifest);
      staleTimes.set(series.id, staleFrom(states.get(series.id), served.get(series.id), staleAfterMs));
    }
  };
  const status = (series: WineSeries) =>
    statusOf(series, states.get(series.id), served.get(series.id), clock(), staleAfterMs);

  return {
    refresh: () => {
      const next = refreshing.then(refresh);
      refreshing = next.catch(() => undefined);
      return next;
    },
    get: (series) => {
      const found = served.get(series.id);
      if (found !== undefined) return found;
      const { last_error } = status(series);
      const why = last_error === null ? 'It is being fetched, or was never asked for.' : last_error.error;
      throw new ServiceError(503, 'wine.no_data', `There is no data of ${series.id} yet. ${why}`, {
        details: { series: series.id, last_error },
        headers: { 'retry-after': '10' },
      });
    },
    has: (series) => served.has(series.id),
    status,
    isStale: (series) => clock().getTime() > (staleTimes.get(series.id) ?? 0),
  };
};
