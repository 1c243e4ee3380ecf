import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contentTypeOf } from '../content-type.ts';
import type { ObjectInfo, PutOptions } from '../object-store.ts';
import { type Folder, hasCode, ignoreMissing, locate, type ObjectPath, symbolicLink } from './folder-context.ts';
import { etagOf, objectEntry } from './object-entry.ts';
import { syncFolder, syncNames } from './sync-folder.ts';

/** How often deletions next to the object may take its folder away before a put gives up. */
const MAXIMUM_RENAMES = 100;

/** Writes the body beside the objects, to the disk, and then gives it its name in one step. */
export async function putObject(
  folder: Folder,
  key: string,
  body: Uint8Array | Readable,
  { contentType = contentTypeOf(key), signal }: PutOptions,
): Promise<ObjectInfo> {
  const target = await locate(folder, key);
  const temporary = join(folder.temporary, randomUUID());
  let keptType: string | undefined;
  try {
    await writeDurably(temporary, body, signal);
    const stats = await stat(temporary, { bigint: true });
    const etag = etagOf(stats);
    if (contentType !== contentTypeOf(key)) {
      // Named by the version it belongs to and written first: whoever sees the version finds its type.
      keptType = join(folder.contentTypes, etag);
      await writeDurably(keptType, Buffer.from(contentType), signal);
      await syncFolder(folder.contentTypes);
    }
    const replaced = await lstat(target.path, { bigint: true }).catch(ignoreMissing);
    if (replaced?.isSymbolicLink()) throw symbolicLink(target.path);
    signal?.throwIfAborted();
    await moveInto(folder, temporary, target);
    if (replaced !== undefined) await rm(join(folder.contentTypes, etagOf(replaced)), { force: true });
    return { ...objectEntry(key, stats), contentType };
  } catch (error) {
    await Promise.all([temporary, keptType].map(async (path) => path && rm(path, { force: true })));
    throw error;
  }
}

async function writeDurably(path: string, body: Uint8Array | Readable, signal: AbortSignal | undefined): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  // `flush` is an fsync before the file is closed.
  if (body instanceof Readable) await pipeline(body, createWriteStream(path, { flags: 'wx', flush: true }), options);
  else await writeFile(path, body, { ...options, flag: 'wx', flush: true });
}

async function moveInto(folder: Folder, temporary: string, target: ObjectPath): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(temporary, target.path);
      break;
    } catch (error) {
      // Folders are missing: they never were there, or a deletion has just cleaned them away, empty as they were.
      if (!hasCode(error, 'ENOENT') || attempt === MAXIMUM_RENAMES) throw error;
      await makeFolders(target.parents);
    }
  }
  await syncNames(folder, target.parents);
}

/** One by one: the recursive mkdir takes a folder that vanishes under it for a file in the way. */
async function makeFolders(parents: readonly string[]): Promise<void> {
  for (const parent of parents) {
    try {
      await mkdir(parent);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return;
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}
