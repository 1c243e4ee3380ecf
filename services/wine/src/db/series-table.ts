import { columnTypes, type Migrations } from '@vindima/database';
import type { KitTables } from '@vindima/service-kit';
import type { Kysely } from 'kysely';

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

export interface WineTables {
  series_state: SeriesStateTable;
}

/** Queries on the service's database, in a transaction or not. */
export type WineQueries = Kysely<WineTables & KitTables>;

export const wineMigrations: Migrations = {
  '2026-11-21T2100_series_state': {
    up: async (db) => {
      const { json, key, timestamp } = columnTypes(db);
      await db.schema
        .createTable('series_state')
        .addColumn('series', key(40), (column) => column.primaryKey())
        .addColumn('run', key(80))
        .addColumn('manifest', json)
        .addColumn('checked_at', timestamp)
        .addColumn('last_error', json)
        .execute();
    },
  },
};
