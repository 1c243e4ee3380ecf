import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '@vindima/contracts';
import { LRUCache } from 'lru-cache';
import { unavailable } from '../errors.ts';
import { pathOfKey } from './layout.ts';

/** A folder that objects are kept in, with the two places that the store needs for itself. */
export interface Folder {
  /** Absolute, without symbolic links. */
  readonly root: string;
  /** Uploads on their way; on the root's file system, so that a rename is atomic. */
  readonly temporary: string;
  /** Content types that the object's name does not tell, one small file per version, named by its etag. */
  readonly contentTypes: string;
  /** Folders that survive a crash, with all above them: path to identity (see `syncNames`). */
  readonly durable: LRUCache<string, string>;
}

const rememberedFolders = 1000;

export interface ObjectPath {
  readonly path: string;
  /** The folders between the root and the object, outermost first. */
  readonly parents: readonly string[];
}

export function folderAt(root: string): Folder {
  return {
    root,
    temporary: join(root, '.%temporary'),
    contentTypes: join(root, '.%content-types'),
    durable: new LRUCache({ max: rememberedFolders }),
  };
}

/**
 * Where an object is kept, or would be.
 * @throws ServiceError 403 `object_store.symbolic_link` when one of the folders is a link: a link can lead out of the
 * root, and a folder that somebody links into the lake would be emptied or overwritten through it.
 */
export async function locate(folder: Folder, key: string): Promise<ObjectPath> {
  const names = pathOfKey(key);
  const parents: string[] = [];
  let path = folder.root;
  let missing = false;
  for (const name of names.slice(0, -1)) {
    path = join(path, name);
    parents.push(path);
    if (missing) continue;
    const found = await lstat(path).catch(ignoreMissing);
    missing = found === undefined;
    if (found?.isSymbolicLink()) throw symbolicLink(path);
  }
  return { path: join(path, names.at(-1) ?? ''), parents };
}

export function symbolicLink(path: string): ServiceError {
  const message = `${path} is a symbolic link; an object store does not follow links inside its folder.`;
  return new ServiceError(403, 'object_store.symbolic_link', message);
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

export function ignoreMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
}

/** Turns an error of the file system into one that says which store failed; anything else stays as it is. */
export function asFolderError(folder: Folder, error: unknown): unknown {
  const isSystemError = error instanceof Error && 'errno' in error && 'syscall' in error;
  return isSystemError ? unavailable(`The object store in ${folder.root} failed: ${error.message}.`, error) : error;
}
