import type { ObjectStore } from '@vindima/object-store';
import type { Manifest } from './manifest.ts';

/** @returns whether what a manifest names is there: buckets are emptied, folders deleted. */
export const isIntact = async (objects: ObjectStore, manifest: Manifest): Promise<boolean> => {
  const [source, parquet] = await Promise.all([objects.head(manifest.source_key), objects.head(manifest.object_key)]);
  return source !== undefined && parquet?.size === manifest.bytes;
};
