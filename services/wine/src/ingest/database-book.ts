import { wineSeriesIngested } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import { putManifest } from '@vindima/lake/store-run';
import type { ObjectStore } from '@vindima/object-store';
import type { JobContext, KitTables, ServiceContext } from '@vindima/service-kit';
import { writeChanges } from '../db/figure-changes.ts';
import { readState, writeFailed, writeIngested, writeUnchanged } from '../db/series-state.ts';
import type { WineTables } from '../db/tables.ts';
import { adoptServed, findHeld, wasServed, writeHeld, writeServed } from '../db/vintages.ts';
import { isIntact } from '../lake/intact.ts';
import { dataSetOf } from '../lake/keys.ts';
import { loadManifest } from '../lake/load-manifest.ts';
import type { Manifest } from '../lake/manifest.ts';
import type { Shelf } from '../shelf/shelf.ts';
import type { SeriesBook } from './run-ingestion.ts';

type Tables = WineTables & KitTables;

export interface DatabaseBookPorts {
  readonly database: Database<Tables>;
  readonly messages: ServiceContext<unknown, WineTables>['messages'];
  readonly objects: ObjectStore;
  readonly shelf: Shelf;
  /** The job's: it fails when another process has taken the job over. */
  readonly transaction: JobContext<unknown, Tables>['transaction'];
}

const eventOf = (manifest: Manifest) => ({
  series: manifest.series,
  title: manifest.title,
  run: manifest.run,
  object_key: manifest.object_key,
  bytes: manifest.bytes,
  sha256: manifest.sha256,
  rows: manifest.figures,
  warnings: manifest.warnings,
  processing_date: manifest.processing_date,
  source: manifest.source,
});

/** The service's book: its database, and the event that tells of new data in the same transaction. */
export const createDatabaseBook = (ports: DatabaseBookPorts): SeriesBook => {
  const { database, messages, objects, shelf, transaction } = ports;
  return {
    known: async (series) => {
      const manifest = (await readState(database.query, series.id))?.manifest;
      return { manifest, intact: manifest !== undefined && (await isIntact(objects, manifest)) };
    },
    wasServed: (series, sha256) => wasServed(database.query, series.id, sha256),
    findHeld: (sha256) => findHeld(database.query, sha256),
    held: async (held, findings, error) => {
      await transaction(async (trx) => {
        await writeHeld(trx, held, findings);
        await writeFailed(trx, held.series, error);
      });
      await shelf.refresh();
    },
    ingested: async (manifest, { before, changes, at, acceptedBy }) => {
      const written = await transaction(async (trx) => {
        if (!(await writeIngested(trx, manifest, before))) return false;
        await writeServed(trx, manifest, at, acceptedBy);
        if (before !== undefined) {
          const about = { vintage: manifest.source.sha256, vintage_before: before.source.sha256, recorded_at: at };
          await writeChanges(trx, changes, about);
        }
        await messages.send(trx, wineSeriesIngested, eventOf(manifest));
        return true;
      });
      if (!written) {
        // Another run was faster. Its data stays; the lake shall not say otherwise.
        const winner = (await readState(database.query, manifest.series))?.manifest;
        if (winner !== undefined) await putManifest(objects, dataSetOf(winner.series), winner);
      }
      await shelf.refresh();
    },
    unchanged: async (series, at) => {
      await transaction((trx) => writeUnchanged(trx, series.id, at));
      await shelf.refresh();
    },
    failed: async (series, error) => {
      await transaction((trx) => writeFailed(trx, series.id, error));
      await shelf.refresh();
    },
  };
};

/** Takes over what is in the lake but not in the database, as after the loss of the one but not of the other. */
export const adoptManifests = async (
  database: Database<Tables>,
  objects: ObjectStore,
  series: readonly Manifest['series'][],
) => {
  for (const id of series) {
    const known = (await readState(database.query, id))?.manifest;
    const manifest = known ?? (await loadManifest(objects, id));
    if (manifest === undefined) continue;
    if (known === undefined) await writeIngested(database.query, manifest, undefined);
    await adoptServed(database.query, manifest);
  }
};
