import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@vindima/service-kit';

/**
 * Makes sure that one process at a time works in a folder: two would deliver each other's messages twice.
 *
 * @returns what gives the folder free again
 * @throws ConfigurationError when a living process has it
 */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const path = join(folder, '.lock');
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && holder !== process.pid && isAlive(holder)) {
      throw new ConfigurationError(
        `DATA_DIR=${folder}: in use by another Vindima (process ${holder}); stop it, or choose another folder.`,
      );
    }
    // Left behind by a process that was killed.
    await rm(path, { force: true });
  }
};

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
