import type { ObjectStore } from '@vindima/object-store';
import { unknownKeys } from '../db/datasets.ts';
import type { DatasetsQueries } from '../db/datasets-table.ts';
import { sourcesPrefix, tablesPrefix } from '../tables/keys.ts';

const chunkSize = 500;

/**
 * Removes files of tables, and files that they were read from, that no row tells of: those of work that a crash cut in two, between the file and its row.
 *
 * @param graceMs files that are younger may belong to work that is still going on
 * @returns how many
 */
export const sweepTables = async (
  query: DatasetsQueries,
  objects: Pick<ObjectStore, 'list' | 'delete'>,
  options: SweepOptions,
): Promise<number> => {
  const tables = await sweep(query, objects, tablesPrefix, 'object_key', options);
  return tables + (await sweep(query, objects, sourcesPrefix, 'source_key', options));
};

interface SweepOptions {
  readonly now: Date;
  readonly graceMs: number;
  readonly signal: AbortSignal;
}

const sweep = async (
  query: DatasetsQueries,
  objects: Pick<ObjectStore, 'list' | 'delete'>,
  prefix: string,
  column: 'object_key' | 'source_key',
  { now, graceMs, signal }: SweepOptions,
): Promise<number> => {
  let removed = 0;
  let chunk: string[] = [];
  const removeUnknown = async () => {
    for (const key of await unknownKeys(query, chunk, column)) {
      await objects.delete(key);
      removed += 1;
    }
    chunk = [];
  };
  for await (const { key, lastModified } of objects.list(prefix)) {
    if (signal.aborted) return removed;
    if (now.getTime() - lastModified.getTime() > graceMs) chunk.push(key);
    if (chunk.length === chunkSize) await removeUnknown();
  }
  await removeUnknown();
  return removed;
};
