import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectEntry } from '../object-store.ts';
import { type Folder, ignoreMissing } from './folder-context.ts';
import { continuedPart, decodeSegment, encodeSegment } from './layout.ts';
import { objectEntry } from './object-entry.ts';

/**
 * Walks only the folders that the prefix leads to. Holds the names of one folder per level, never the whole tree.
 * Links and files that the store did not write are not objects.
 */
export async function* listObjects(folder: Folder, prefix: string): AsyncGenerator<ObjectEntry> {
  const segments = prefix.split('/').slice(0, -1);
  let path = folder.root;
  for (const name of segments.flatMap((segment) => encodeSegment(segment, 'folder'))) {
    path = join(path, name);
    if (!(await lstat(path).catch(ignoreMissing))?.isDirectory()) return;
  }
  yield* walk(path, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
}

async function* walk(path: string, before: string, prefix: string): AsyncGenerator<ObjectEntry> {
  for (const entry of await readEntries(path)) {
    const key = before + entry.sortsAs;
    if (entry.isFolder) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walk(entry.path, key, prefix);
    } else if (key.startsWith(prefix)) {
      const stats = await lstat(entry.path, { bigint: true }).catch(ignoreMissing);
      // Deleted since the folder was read.
      if (stats?.isFile()) yield objectEntry(key, stats);
    }
  }
}

interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
  /** The segment; a folder's with its slash, which is how its keys compare with those beside it. */
  readonly sortsAs: string;
}

async function readEntries(path: string): Promise<Entry[]> {
  const sortable = (await collectEntries(path, '')).map((entry) => ({ entry, bytes: Buffer.from(entry.sortsAs) }));
  return sortable.sort((left, right) => Buffer.compare(left.bytes, right.bytes)).map(({ entry }) => entry);
}

/** Folders that hold the rest of long names belong to the same level: their entries sort among the others. */
async function collectEntries(path: string, escapedBefore: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const found of (await readdir(path, { withFileTypes: true }).catch(ignoreMissing)) ?? []) {
    const isFolder = found.isDirectory();
    if (!isFolder && !found.isFile()) continue;
    const inside = join(path, found.name);
    const part = isFolder ? continuedPart(found.name) : undefined;
    if (part !== undefined) {
      entries.push(...(await collectEntries(inside, escapedBefore + part)));
      continue;
    }
    const segment = decodeSegment(escapedBefore, found.name, isFolder ? 'folder' : 'file');
    if (segment !== undefined) entries.push({ path: inside, isFolder, sortsAs: isFolder ? `${segment}/` : segment });
  }
  return entries;
}
