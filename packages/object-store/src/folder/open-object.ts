import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { notFound } from '../errors.ts';
import { type Folder, hasCode, locate, symbolicLink } from './folder-context.ts';

/**
 * Opens an object's file; the caller closes it. What was opened stays readable, whatever happens to the key.
 * @throws ServiceError 404 `object_store.not_found`.
 */
export async function openObject(folder: Folder, key: string): Promise<{ handle: FileHandle; size: number }> {
  const { path } = await locate(folder, key);
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw notFound(key, error);
    if (hasCode(error, 'ELOOP')) throw symbolicLink(path);
    throw error;
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw notFound(key);
    return { handle, size: stats.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
