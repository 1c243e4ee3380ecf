import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Folder, ignoreMissing } from './folder-context.ts';

/** An upload that was not written to for so long has died with its process. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Removes what puts left behind when their process was killed. @returns how many files. */
export async function cleanTemporaryFiles(folder: Folder): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder.temporary)) {
    const path = join(folder.temporary, name);
    const stats = await lstat(path).catch(ignoreMissing);
    if (stats === undefined || Date.now() - stats.mtimeMs < ABANDONED_AFTER_MS) continue;
    await rm(path, { force: true, recursive: true });
    removed += 1;
  }
  return removed;
}
