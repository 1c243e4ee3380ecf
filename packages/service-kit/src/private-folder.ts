import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const sticky = 0o1000;

/**
 * Makes a folder that its owner alone may look into, or shuts one that is there: the one of 0.1.0 was open to all who use the machine.
 * Folders of others, and those that many share (`/tmp`), are left as they are.
 */
export const openPrivateFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = await stat(folder);
  const isOurs = process.getuid === undefined || process.getuid() === uid;
  if (!isOurs || (mode & sticky) !== 0) return;
  if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
  for (const name of await readdir(folder)) {
    // Databases hold secrets; SQLite keeps their newest part in a file beside them.
    if (/\.db(-wal|-shm)?$/.test(name)) await shut(join(folder, name));
  }
};

const shut = async (file: string) => {
  const { mode, uid } = await stat(file);
  if ((mode & 0o077) !== 0 && uid === process.getuid?.()) await chmod(file, 0o600);
};
