import type { ObjectStore } from '@vindima/object-store';
import { isIntact } from '../lake/intact.ts';
import { loadManifest } from '../lake/load-manifest.ts';
import type { SeriesBook } from './run-ingestion.ts';

/** The book of whoever has no database: the manifests are all there is, and failures are told by the result alone. */
export const createLakeBook = (objects: ObjectStore): SeriesBook => ({
  known: async (series) => {
    const manifest = await loadManifest(objects, series.id);
    return { manifest, intact: manifest !== undefined && (await isIntact(objects, manifest)) };
  },
  ingested: async () => undefined,
  // Nobody can be asked: what differs is held each time, and the result says so.
  wasServed: async () => false,
  held: async () => undefined,
  findHeld: async () => [],
  unchanged: async () => undefined,
  failed: async () => undefined,
});
