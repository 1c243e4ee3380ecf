import type { Readable } from 'node:stream';

/** What this needs of an object store. */
export interface LakeObjects {
  put(
    key: string,
    body: Uint8Array | Readable,
    options: { contentType: string; signal?: AbortSignal },
  ): Promise<unknown>;
}

/** A run's Parquet file, in a Hive partition of its day: Athena, Trino, Spark and DuckDB read the tree as it is. */
export const runKey = (dataSet: string, processingDate: string, run: string): string =>
  `${dataSet}/processing_date=${processingDate}/${run}.parquet`;

/** Which file of a data set is the current one. */
export const manifestKey = (dataSet: string): string => `${dataSet}/_manifest.json`;

/** Writes the manifest of a data set, for people to read too. */
export const putManifest = async (
  objects: LakeObjects,
  dataSet: string,
  manifest: { readonly object_key: string },
  signal?: AbortSignal,
): Promise<void> => {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  await objects.put(manifestKey(dataSet), Buffer.from(text), {
    contentType: 'application/json',
    ...(signal === undefined ? {} : { signal }),
  });
};

/**
 * Stores a run's Parquet file, and last the manifest that makes it visible: what no manifest names is not there yet. The same run again
 * overwrites the same objects.
 *
 * @param dataSet the folder: `inference/predictions/iris`
 */
export const storeRun = async (
  objects: LakeObjects,
  dataSet: string,
  parquet: Uint8Array | Readable,
  manifest: { readonly object_key: string },
  signal: AbortSignal,
): Promise<void> => {
  await objects.put(manifest.object_key, parquet, { contentType: 'application/vnd.apache.parquet', signal });
  await putManifest(objects, dataSet, manifest, signal);
};
