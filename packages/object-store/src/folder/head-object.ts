import type { BigIntStats } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentTypeOf } from '../content-type.ts';
import type { ObjectInfo } from '../object-store.ts';
import { type Folder, ignoreMissing, locate, symbolicLink } from './folder-context.ts';
import { objectEntry } from './object-entry.ts';

/** @returns undefined when there is no such object. */
export async function headObject(folder: Folder, key: string): Promise<ObjectInfo | undefined> {
  const { path } = await locate(folder, key);
  let stats = await statObject(path);
  while (stats !== undefined) {
    const entry = objectEntry(key, stats);
    const kept = await readFile(join(folder.contentTypes, entry.etag), 'utf8').catch(ignoreMissing);
    if (kept !== undefined) return { ...entry, contentType: kept };
    // A version without a kept type has the one that its name tells, unless it was replaced, and its type removed, just now.
    const again = await statObject(path);
    if (again !== undefined && objectEntry(key, again).etag === entry.etag) {
      return { ...entry, contentType: contentTypeOf(key) };
    }
    stats = again;
  }
  return undefined;
}

async function statObject(path: string): Promise<BigIntStats | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(ignoreMissing);
  if (stats?.isSymbolicLink()) throw symbolicLink(path);
  return stats?.isFile() ? stats : undefined;
}
