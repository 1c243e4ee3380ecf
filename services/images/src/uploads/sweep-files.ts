import type { ObjectStore } from '@vindima/object-store';
import type { Kysely } from 'kysely';
import { unknownPaths } from '../db/pictures.ts';
import type { ImagesTables } from '../db/tables.ts';
import { stagingPrefix } from './staging.ts';
import { picturesPrefix } from './store-picture.ts';

/** Files younger than this may belong to an upload that is still running. */
const graceMs = 60 * 60_000;
/** A batch that waits longer than this for its turn has been given up. */
const stagingMs = 7 * 24 * 60 * 60_000;
const chunkSize = 500;

/** Removes files that no image has: those of uploads and deletions that a crash cut in two. @returns how many */
export const sweepFiles = async (query: Kysely<ImagesTables>, objects: ObjectStore, now: Date): Promise<number> => {
  let removed = 0;
  const remove = async (keys: readonly string[]) => {
    for (const key of keys) await objects.delete(key);
    removed += keys.length;
  };
  let chunk: string[] = [];
  for await (const { key, lastModified } of objects.list(picturesPrefix)) {
    if (now.getTime() - lastModified.getTime() > graceMs) chunk.push(key);
    if (chunk.length < chunkSize) continue;
    await remove(await unknownPaths(query, chunk));
    chunk = [];
  }
  await remove(await unknownPaths(query, chunk));
  for await (const { key, lastModified } of objects.list(stagingPrefix)) {
    if (now.getTime() - lastModified.getTime() > stagingMs) await remove([key]);
  }
  return removed;
};
