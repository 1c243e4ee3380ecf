import { ServiceError, type WineSeriesId } from '@vindima/contracts';
import { manifestKey } from '@vindima/lake/store-run';
import type { ObjectStore } from '@vindima/object-store';
import { dataSetOf } from './keys.ts';
import { type Manifest, readManifest } from './manifest.ts';

/** @returns the manifest of a series in the lake; undefined when there is none. */
export const loadManifest = async (objects: ObjectStore, series: WineSeriesId): Promise<Manifest | undefined> => {
  try {
    const text = await objects.get(manifestKey(dataSetOf(series)), { maximumBytes: 1_000_000 });
    return readManifest(text.toString());
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  }
};
