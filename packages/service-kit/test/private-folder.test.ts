import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { openPrivateFolder } from '../src/private-folder.ts';

const modeOf = async (path: string) => ((await stat(path)).mode & 0o1777).toString(8);

describe.skipIf(process.platform === 'win32')('the data folder', () => {
  it('is made for its owner alone', async () => {
    const folder = join(temporaryFolder(), 'a', 'data');
    await openPrivateFolder(folder);
    expect(await modeOf(folder)).toBe('700');
  });

  it('of 0.1.0 is shut, and the databases in it', async () => {
    const folder = join(temporaryFolder(), 'data');
    await mkdir(folder);
    for (const name of ['gateway.db', 'gateway.db-wal', 'notes.txt']) {
      await writeFile(join(folder, name), '');
      await chmod(join(folder, name), 0o644);
    }
    await chmod(folder, 0o755);
    await openPrivateFolder(folder);
    expect(await modeOf(folder)).toBe('700');
    expect(await modeOf(join(folder, 'gateway.db'))).toBe('600');
    expect(await modeOf(join(folder, 'gateway.db-wal'))).toBe('600');
    expect(await modeOf(join(folder, 'notes.txt'))).toBe('644');
  });

  it('that many share is left as it is', async () => {
    const folder = join(temporaryFolder(), 'shared');
    await mkdir(folder);
    await chmod(folder, 0o1777);
    await openPrivateFolder(folder);
    expect(await modeOf(folder)).toBe('1777');
  });
});
