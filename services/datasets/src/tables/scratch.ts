import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, type Logger } from '@vindima/service-kit';

const prefix = 'vindima-datasets-';

/**
 * A folder of this process for work in progress. What processes that are gone have left is removed, where it is ours: a temporary folder is
 * shared with other users.
 *
 * @throws ConfigurationError when nothing can be written there
 */
export const openScratch = async (parent: string, logger?: Logger): Promise<string> => {
  try {
    await mkdir(parent, { recursive: true });
    for (const name of await readdir(parent)) {
      const [, pid] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? [];
      if (pid === undefined || Number(pid) === process.pid || isRunning(Number(pid))) continue;
      await rm(join(parent, name), { recursive: true, force: true }).catch((error: unknown) => {
        logger?.warn({ err: error, name }, 'a folder that another process has left could not be removed');
      });
    }
    return await mkdtemp(join(parent, `${prefix}${process.pid}-`));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `DATASETS_SCRATCH_DIR=${parent}: expected a folder that can be read and written (${reason})`,
    );
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
