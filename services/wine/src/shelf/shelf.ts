import { ServiceError, type WineSeries } from '@vindima/contracts';
import type { ObjectStore } from '@vindima/object-store';
import type { Logger } from '@vindima/service-kit';
import { LRUCache } from 'lru-cache';
import { catalogue } from '../catalogue/catalogue.ts';
import { checkTotals } from '../checks/totals.ts';
import { readStates, type SeriesState } from '../db/series-state.ts';
import type { WineQueries } from '../db/tables.ts';
import { servedAt } from '../db/vintages.ts';
import type { Manifest } from '../lake/manifest.ts';
import { legacyJson } from '../legacy/json.ts';
import { parse } from '../vitibrasil/parse.ts';
import { type SeriesTable, yearsOf } from '../vitibrasil/table.ts';
import { type Prebuilt, prebuild } from './prebuilt.ts';
import { type SeriesStatus, statusOf } from './status.ts';

/** The data of a series, made ready to be sent. */
export interface Served {
  readonly manifest: Manifest;
  readonly table: SeriesTable;
  readonly years: { readonly first: number; readonly last: number };
  /** The body of `GET /wine/series/{id}/checks`. */
  readonly checks: Prebuilt;
  /** The body of the existing address, with a blank cell as 0 or as null. */
  readonly legacy: Readonly<Record<'zero' | 'null', Prebuilt>>;
}

/** Vintages of the past that are kept ready: all fifteen series of three of them. */
const pastVintages = 45;

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
  /**
   * @param asOf an instant in ISO 8601; undefined is now
   * @throws 404 `wine.no_vintage` where nothing of the series was served then
   */
  at(series: WineSeries, asOf: string | undefined): Promise<Served>;
  /** @returns all series that have data. */
  all(): readonly Served[];
  /** @returns their tables. */
  tables(): readonly SeriesTable[];
  /** @returns the body of `GET /wine/series`. */
  list(): string;
  isStale(series: WineSeries): boolean;
  /** @returns how long ago the source last confirmed or changed the data; undefined where there is none. */
  ageSeconds(series: WineSeries): number | undefined;
}

const make = (series: WineSeries, manifest: Manifest, bytes: Uint8Array): Served => {
  const table = parse(series, bytes);
  const texts = { zero: legacyJson(table), null: legacyJson(table, null) };
  const zero = prebuild(texts.zero);
  const legacy = { zero, null: texts.zero === texts.null ? zero : prebuild(texts.null) };
  return { manifest, table, years: yearsOf(table), checks: prebuild(JSON.stringify(checkTotals(table))), legacy };
};

export const createShelf = (options: ShelfOptions): Shelf => {
  const { query, objects, logger, clock, staleAfterMs } = options;
  const served = new Map<string, Served>();
  const statuses = new Map<string, SeriesStatus>();
  const look = (series: WineSeries, state?: SeriesState): SeriesStatus => {
    const status = statusOf(series, state, served.get(series.id), staleAfterMs);
    statuses.set(series.id, status);
    return status;
  };
  const status = (series: WineSeries) => statuses.get(series.id) ?? look(series);
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
  const past = new LRUCache<string, Served>({ max: pastVintages });
  const loadPast = async (series: WineSeries, manifest: Manifest): Promise<Served> => {
    const current = served.get(series.id);
    if (current?.manifest.source.sha256 === manifest.source.sha256) return current;
    const key = `${series.id} ${manifest.source.sha256}`;
    const found =
      past.get(key) ??
      make(series, manifest, await objects.get(manifest.source_key, { maximumBytes: manifest.source.bytes }));
    past.set(key, found);
    return found;
  };
  const refresh = async () => {
    const states = await readStates(query);
    for (const series of catalogue) {
      const state = states.get(series.id);
      const manifest = state?.manifest;
      if (manifest !== undefined && manifest.run !== served.get(series.id)?.manifest.run) await load(series, manifest);
      look(series, state);
    }
  };

  const shelf: Shelf = {
    refresh: () => {
      const next = refreshing.then(refresh);
      refreshing = next.catch(() => undefined);
      return next;
    },
    all: () => catalogue.flatMap(({ id }) => served.get(id) ?? []),
    tables: () => shelf.all().map(({ table }) => table),
    at: async (series, asOf) => {
      if (asOf === undefined) return shelf.get(series);
      const manifest = await servedAt(query, series.id, new Date(asOf).toISOString());
      if (manifest !== undefined) return loadPast(series, manifest);
      throw new ServiceError(404, 'wine.no_vintage', `Nothing of ${series.id} was served at ${asOf}.`, {
        details: { series: series.id },
      });
    },
    get: (series) => {
      const found = served.get(series.id);
      if (found !== undefined) return found;
      const { lastError } = status(series);
      const why = lastError === null ? 'It is being fetched, or was never asked for.' : lastError.error;
      throw new ServiceError(503, 'wine.no_data', `There is no data of ${series.id} yet. ${why}`, {
        details: { series: series.id, last_error: lastError },
        headers: { 'retry-after': '10' },
      });
    },
    has: (series) => served.has(series.id),
    list: () => {
      const now = clock();
      return `{"items":[${catalogue.map((series) => status(series).json(now)).join(',')}],"next_cursor":null}`;
    },
    isStale: (series) => status(series).isStale(clock()),
    ageSeconds: (series) => status(series).ageSeconds(clock()),
  };
  return shelf;
};
