import { lstat, open } from 'node:fs/promises';
import { type Folder, ignoreMissing } from './folder-context.ts';

/** Makes what was created, renamed or removed in a folder survive a crash. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there a rename is as durable as the system makes it.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes the name of a file just put into the innermost of `parents` survive a crash, and the names of the folders that lead there: another
 * put may have made one and not yet synced the folder above it. A folder that was seen to survive once is not made to again, as long as
 * it is still the same one: nobody can have removed those above it meanwhile, because they were not empty.
 */
export async function syncNames(folder: Folder, parents: readonly string[]): Promise<void> {
  const innermost = parents.at(-1) ?? folder.root;
  const identity = await identityOf(innermost);
  if (identity !== undefined && folder.durable.get(innermost) === identity) {
    await syncFolder(innermost).catch(ignoreMissing);
    return;
  }
  await Promise.all([folder.root, ...parents].map((path) => syncFolder(path).catch(ignoreMissing)));
  folder.durable.set(innermost, identity);
}

/**
 * An inode's number is given away again when it is free: only with the time of its making it names one folder.
 * @returns undefined where there is no folder, or a file system that does not know the time
 */
async function identityOf(path: string): Promise<string | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(ignoreMissing);
  return stats === undefined || stats.birthtimeNs === 0n
    ? undefined
    : [stats.dev, stats.ino, stats.birthtimeNs].join('-');
}
