import { lstat, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Folder, hasCode, ignoreMissing, locate, symbolicLink } from './folder-context.ts';
import { etagOf } from './object-entry.ts';
import { syncFolder } from './sync-folder.ts';

/** Removes an object, and the folders above it that it leaves empty. */
export async function deleteObject(folder: Folder, key: string): Promise<void> {
  const { path, parents } = await locate(folder, key);
  const stats = await lstat(path, { bigint: true }).catch(ignoreMissing);
  if (stats === undefined) return;
  if (stats.isSymbolicLink()) throw symbolicLink(path);
  await unlink(path).catch(ignoreMissing);
  await syncFolder(dirname(path)).catch(ignoreMissing);
  await rm(join(folder.contentTypes, etagOf(stats)), { force: true });
  for (const parent of parents.toReversed()) {
    // The system removes a folder only while it is empty: a put that came first keeps it, one that comes after makes it anew.
    const removed = await rmdir(parent).then(
      () => true,
      (error: unknown) => {
        if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw error;
        return hasCode(error, 'ENOENT');
      },
    );
    if (!removed) break;
  }
}
