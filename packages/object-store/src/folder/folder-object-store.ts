import { randomUUID } from 'node:crypto';
import { lstat, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { validateRange, validateRangeStart } from '../byte-range.ts';
import { tooLarge, unavailable } from '../errors.ts';
import { validateKey, validatePrefix } from '../keys.ts';
import type { ObjectStoreLogger } from '../logger.ts';
import type { ObjectStore } from '../object-store.ts';
import { guardBody } from '../put-body.ts';
import { cleanTemporaryFiles } from './clean-temporary-files.ts';
import { deleteObject } from './delete-object.ts';
import { asFolderError, type Folder, folderAt, ignoreMissing } from './folder-context.ts';
import { headObject } from './head-object.ts';
import { listObjects } from './list-objects.ts';
import { openObject } from './open-object.ts';
import { putObject } from './put-object.ts';

/**
 * Keeps objects as files of a folder, which it makes when it is missing. Several processes may share it.
 * @param path - absolute.
 * @throws ServiceError 503 `object_store.unavailable` when the folder cannot be made or written.
 */
export async function openFolderObjectStore(path: string, logger?: ObjectStoreLogger): Promise<ObjectStore> {
  const folder = await prepare(path, logger);
  /** Every failure of the file system leaves here as a ServiceError that names the store. */
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw asFolderError(folder, error);
    }
  };

  return {
    put: (key, body, options = {}) =>
      guardBody(body, options.signal, async () => {
        validateKey(key);
        return guarded(() => putObject(folder, key, body, options));
      }),

    get: (key, { maximumBytes } = {}) =>
      guarded(async () => {
        validateKey(key);
        const { handle, size } = await openObject(folder, key);
        try {
          if (maximumBytes !== undefined && size > maximumBytes) throw tooLarge(key, size, maximumBytes);
          return await handle.readFile();
        } finally {
          await handle.close();
        }
      }),

    stream: (key, range) =>
      guarded(async () => {
        validateKey(key);
        if (range !== undefined) validateRange(key, range);
        const { handle, size } = await openObject(folder, key);
        try {
          if (range !== undefined) validateRangeStart(key, range, size);
          // Closes the handle when it ends or is destroyed.
          return handle.createReadStream({ ...range });
        } catch (error) {
          await handle.close();
          throw error;
        }
      }),

    head: (key) =>
      guarded(async () => {
        validateKey(key);
        return headObject(folder, key);
      }),

    async *list(prefix) {
      validatePrefix(prefix);
      try {
        yield* listObjects(folder, prefix);
      } catch (error) {
        throw asFolderError(folder, error);
      }
    },

    delete: (key) =>
      guarded(async () => {
        validateKey(key);
        await deleteObject(folder, key);
      }),

    check: () => guarded(() => tryToWrite(folder)),

    // Nothing is kept open between calls.
    close: async () => {},
  };
}

async function prepare(path: string, logger: ObjectStoreLogger | undefined): Promise<Folder> {
  try {
    await mkdir(path, { recursive: true });
    const folder = folderAt(await realpath(path));
    await mkdir(folder.temporary, { recursive: true });
    await mkdir(folder.contentTypes, { recursive: true });
    await tryToWrite(folder);
    const removed = await cleanTemporaryFiles(folder);
    if (removed > 0) logger?.info({ removed, folder: folder.root }, 'Removed unfinished uploads of earlier runs');
    if ((await lstat(join(folder.root, '.%TEMPORARY')).catch(ignoreMissing)) !== undefined) {
      logger?.warn(
        { folder: folder.root },
        'This file system ignores case: keys that differ in case alone are one object',
      );
    }
    return folder;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw unavailable(`The folder ${path} cannot hold an object store: ${reason}.`, error);
  }
}

async function tryToWrite(folder: Folder): Promise<void> {
  const probe = join(folder.temporary, randomUUID());
  await writeFile(probe, 'probe', { flag: 'wx' });
  await rm(probe, { force: true });
}
