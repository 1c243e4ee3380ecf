import type { BigIntStats } from 'node:fs';
import type { ObjectEntry } from '../object-store.ts';

/** Every put makes a new file, so its inode, size and time of writing tell the versions of an object apart. */
export function etagOf(stats: BigIntStats): string {
  return [stats.ino, stats.size, stats.mtimeNs].map((part) => part.toString(36)).join('-');
}

/** What the stats of an object's file tell of it. */
export function objectEntry(key: string, stats: BigIntStats): ObjectEntry {
  return { key, size: Number(stats.size), lastModified: stats.mtime, etag: etagOf(stats) };
}
