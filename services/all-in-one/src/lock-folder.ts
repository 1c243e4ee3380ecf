import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigurationError } from '@vindima/service-kit';

const busy = 5;

/**
 * Makes sure that one process at a time works in a folder: two would deliver each other's messages twice. It holds an exclusive transaction on a
 * database that has nothing in it: a lock that the kernel ends with its holder, however that ends. Nothing else in this process may open that
 * file: closing it there would end the lock.
 *
 * @param patienceMs how long to try: a process that was killed a moment ago has the lock until the kernel has cleared it away
 * @returns what gives the folder free again
 * @throws ConfigurationError when another process has it
 */
export const lockFolder = async (folder: string, patienceMs = 3000): Promise<() => Promise<void>> => {
  const database = new DatabaseSync(join(folder, 'lock.db'), { timeout: 100 });
  // For people; and for version 0.1.0, whose lock was this file.
  const note = join(folder, '.lock');
  try {
    const deadline = performance.now() + patienceMs;
    while (!tryLock(database)) {
      if (performance.now() > deadline) throw await inUse(folder, note);
      await delay(50);
    }
    await writeFile(note, String(process.pid));
  } catch (error) {
    database.close();
    throw error;
  }
  return async () => {
    await rm(note, { force: true });
    database.close();
  };
};

const tryLock = (database: DatabaseSync): boolean => {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return false;
    throw error;
  }
};

const inUse = async (folder: string, note: string) => {
  const holder = /^\d+$/.exec(await readFile(note, 'utf8').catch(() => ''))?.[0];
  const who = holder === undefined ? '' : ` (process ${holder})`;
  return new ConfigurationError(
    `DATA_DIR=${folder}: in use by another Vindima${who}; stop it, or choose another folder.`,
  );
};
