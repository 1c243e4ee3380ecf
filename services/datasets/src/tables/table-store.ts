import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ObjectStore } from '@vindima/object-store';
import type { StoredDataset } from '../db/datasets-table.ts';

/** Stored tables: Parquet files in the object store, with copies at hand on local disk. */
export interface TableStore {
  /** Runs `work` with the path of a local copy that stays until it is done. */
  withTable<Result>(stored: StoredDataset, work: (path: string) => Promise<Result>): Promise<Result>;
  /** Stores a file under a key; the file itself becomes the copy at hand. */
  keep(key: string, file: string): Promise<void>;
  /** Removes object and copy. A copy that is being read stays until that is done. */
  remove(stored: StoredDataset): Promise<void>;
}

interface Copy {
  readonly path: string;
  /** Resolves with its size when it is there. */
  readonly ready: Promise<number>;
  bytes: number;
  users: number;
}

/**
 * @param folder local and ours alone
 * @param maximumBytes of copies that nobody reads; the ones longest unused go first
 */
export const createTableStore = async (
  objects: Pick<ObjectStore, 'put' | 'stream' | 'delete'>,
  folder: string,
  maximumBytes: number,
): Promise<TableStore> => {
  await mkdir(folder, { recursive: true });
  // A Map keeps the order of insertion: what was used last is put at the end.
  const copies = new Map<string, Copy>();

  // A key is of one version of one table: what is read again gets a new one.
  const pathOf = (key: string): string => join(folder, `${basename(key, '.parquet')}.parquet`);

  const evict = async () => {
    let total = [...copies.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [key, copy] of copies) {
      if (total <= maximumBytes) return;
      if (copy.users > 0) continue;
      copies.delete(key);
      total -= copy.bytes;
      await rm(copy.path, { force: true });
    }
  };

  const fetchCopy = (key: string): Copy => {
    const path = pathOf(key);
    const copy: Copy = { path, bytes: 0, users: 0, ready: fetchObject(key, path) };
    // Whoever waits for it gets the error; the next one tries again.
    copy.ready.catch(() => {
      if (copies.get(key) === copy) copies.delete(key);
    });
    return copy;
  };

  const fetchObject = async (key: string, path: string): Promise<number> => {
    try {
      await pipeline(await objects.stream(key), createWriteStream(`${path}.part`));
      await rename(`${path}.part`, path);
      return (await stat(path)).size;
    } catch (error) {
      await rm(`${path}.part`, { force: true });
      throw error;
    }
  };

  return {
    withTable: async ({ objectKey }, work) => {
      const copy = copies.get(objectKey) ?? fetchCopy(objectKey);
      copies.delete(objectKey);
      copies.set(objectKey, copy);
      copy.users += 1;
      try {
        copy.bytes = await copy.ready;
        return await work(copy.path);
      } finally {
        copy.users -= 1;
        if (copies.get(objectKey) === copy) await evict();
        else if (copy.users === 0) await rm(copy.path, { force: true });
      }
    },
    keep: async (key, file) => {
      await objects.put(key, createReadStream(file), { contentType: 'application/vnd.apache.parquet' });
      const path = pathOf(key);
      const { size: bytes } = await stat(file);
      await rename(file, path);
      copies.set(key, { path, bytes, users: 0, ready: Promise.resolve(bytes) });
      await evict();
    },
    remove: async ({ objectKey, sourceKey }) => {
      await objects.delete(objectKey);
      if (sourceKey !== null) await objects.delete(sourceKey);
      const copy = copies.get(objectKey);
      copies.delete(objectKey);
      if (copy !== undefined && copy.users === 0) await rm(copy.path, { force: true });
    },
  };
};
