import type { KitTables } from '@vindima/service-kit';
import type { Generated, Kysely } from 'kysely';

/** What is known of a series; there is a row from its first ingestion or failure on. */
export interface SeriesStateTable {
  series: string;
  /** The run whose data is served; null before the first success. */
  run: string | null;
  /** JSON: the manifest of that run. */
  manifest: string | null;
  /** When the source last confirmed or changed the data. */
  checked_at: string | null;
  /** JSON: {code, error, url, at} of the last attempt, null if that went well. */
  last_error: string | null;
}

/** A content of a series' file: served, or held apart. */
export interface VintageTable {
  series: string;
  sha256: string;
  state: 'served' | 'held';
  first_seen_at: string;
  /** JSON: a `WineSource`. */
  source: string;
  source_key: string;
  /** JSON: why it was held; an empty list where it was not. */
  findings: string;
  /** Who took it all the same. */
  accepted_by: string | null;
  accepted_at: string | null;
}

/** What was served from when on: the newest of a series before an instant was served then. */
export interface PublicationTable {
  id: Generated<number>;
  series: string;
  sha256: string;
  served_from: string;
  /** JSON: the manifest of the run. */
  manifest: string;
}

/** A past figure that a vintage has changed. */
export interface FigureChangeTable {
  sequence: Generated<number>;
  kind: string;
  series: string;
  section: string | null;
  name: string;
  year: number;
  measure: string;
  unit: string;
  before_value: number | null;
  before_missing: string | null;
  after_value: number | null;
  after_missing: string | null;
  vintage: string;
  vintage_before: string;
  recorded_at: string;
}

/** The forecasts of a series' rows and totals, made for one vintage. */
export interface ForecastTable {
  id: Generated<number>;
  run: string;
  series: string;
  vintage: string;
  made_at: string;
  /** JSON: a `WineForecast`. */
  body: string;
}

export interface WineTables {
  series_state: SeriesStateTable;
  vintages: VintageTable;
  publications: PublicationTable;
  figure_changes: FigureChangeTable;
  forecasts: ForecastTable;
}

/** Queries on the service's database, in a transaction or not. */
export type WineQueries = Kysely<WineTables & KitTables>;
