import { deleteDataset, expiredDatasets, expiredSources, forgetSource } from '../db/datasets.ts';
import type { Tools } from '../work/tools.ts';

const atOnce = 100;

/** Removes results and tables of errors that are older than they are kept. */
export const removeExpired = async ({
  context: { clock, config, database, signal },
  store,
}: Tools): Promise<number> => {
  if (config.DATASETS_RESULT_RETENTION === 0) return 0;
  const before = new Date(clock().getTime() - config.DATASETS_RESULT_RETENTION).toISOString();
  let removed = 0;
  for (;;) {
    const expired = await expiredDatasets(database.query, before, atOnce);
    for (const stored of expired) {
      if (signal.aborted) return removed;
      await deleteDataset(database.query, stored.dataset.file_id);
      await store.remove(stored);
      removed += 1;
    }
    if (expired.length < atOnce) return removed;
  }
};

/** Removes the files that tables were read from when they are older than they are kept; the tables stay. */
export const removeExpiredSources = async ({
  context: { clock, config, database, objects, signal },
}: Tools): Promise<number> => {
  if (config.DATASETS_SOURCE_RETENTION === 0) return 0;
  const before = new Date(clock().getTime() - config.DATASETS_SOURCE_RETENTION).toISOString();
  let removed = 0;
  for (;;) {
    const expired = await expiredSources(database.query, before, atOnce);
    for (const { id, source_key: key } of expired) {
      if (signal.aborted) return removed;
      await forgetSource(database.query, id);
      if (key !== null) await objects.delete(key);
      removed += 1;
    }
    if (expired.length < atOnce) return removed;
  }
};
