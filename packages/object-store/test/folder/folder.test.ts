import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ObjectStore, openObjectStore } from '../../src/index.ts';

describe('a folder as an object store, on the disk', () => {
  let folder: string;
  let lake: string;
  let store: ObjectStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'object-store-'));
    lake = join(folder, 'lake');
    store = await openObjectStore('file:lake', { baseDirectory: folder });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function filesIn(path: string): Promise<string[]> {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(lake.length + 1));
  }
  const visible = async () => (await readdir(lake)).filter((name) => !name.startsWith('.%'));
  const keys = async () => (await Array.fromAsync(store.list(''))).map(({ key }) => key);

  it('is plain Hive folders: the key is the path, and there is nothing else', async () => {
    const key = 'wine/production/processing_date=2025-05-09/run.parquet';
    await store.put(key, Buffer.from('PAR1'));
    expect(await readFile(join(lake, key), 'utf8')).toBe('PAR1');
    expect(await filesIn(lake)).toEqual([key]);
  });

  it('lets a reader finish the older object while a newer one takes its place, or none does', async () => {
    await store.put('a.csv', Buffer.alloc(1_000_000, 'o'));
    const readers = [await store.stream('a.csv'), await store.stream('a.csv', { start: 999_990 })];
    await store.put('a.csv', Buffer.from('new'));
    await store.delete('a.csv');
    const [whole, end] = await Promise.all(readers.map((reader) => buffer(reader)));
    expect(whole?.equals(Buffer.alloc(1_000_000, 'o'))).toBe(true);
    expect(end?.toString()).toBe('oooooooooo');
  });

  it('shows no byte of an object before it is whole', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slowly() {
      yield Buffer.alloc(500_000, 'x');
      expect(await keys()).toEqual([]);
      await released;
    }
    const put = store.put('a.csv', Readable.from(slowly()));
    expect(await store.head('a.csv')).toBeUndefined();
    release();
    expect(await put).toMatchObject({ size: 500_000 });
  });

  it('leaves no file behind when a put fails', async () => {
    async function* broken() {
      yield Buffer.alloc(100_000);
      throw new Error('broke');
    }
    await expect(store.put('a/b.csv', Readable.from(broken()), { contentType: 'x/y' })).rejects.toThrow('broke');
    expect(await filesIn(lake)).toEqual([]);
  });

  it('keeps a content type that the name does not tell until the object goes', async () => {
    await store.put('a', Buffer.from('1'), { contentType: 'image/png' });
    await store.put('a', Buffer.from('2'), { contentType: 'image/webp' });
    expect(await readdir(join(lake, '.%content-types'))).toHaveLength(1);
    const again = await openObjectStore(`file:${lake}`);
    expect(await again.head('a')).toMatchObject({ contentType: 'image/webp' });
    await store.delete('a');
    expect(await readdir(join(lake, '.%content-types'))).toEqual([]);
  });

  it('removes the folders that a deletion leaves empty, and no others', async () => {
    await store.put('a/b/c/d.csv', Buffer.from('x'));
    await store.put('a/e.csv', Buffer.from('x'));
    await store.delete('a/b/c/d.csv');
    expect(await readdir(join(lake, 'a'))).toEqual(['e.csv']);
    await store.delete('a/e.csv');
    expect(await visible()).toEqual([]);
  });

  it('loses no put to deletions that clean the same folder at the same time', async () => {
    const work = Array.from({ length: 8 }, async (_, worker) => {
      for (let round = 0; round < 40; round += 1) {
        const key = `a/b/c/${worker}.csv`;
        await store.put(key, Buffer.from(`${round}`));
        expect((await store.get(key)).toString()).toBe(`${round}`);
        await store.delete(key);
      }
    });
    await Promise.all(work);
    expect(await visible()).toEqual([]);
  });

  it('follows no symbolic link inside its folder, in any direction', async () => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret.csv'), 'secret');
    await symlink(outside, join(lake, 'linked'));
    await symlink(join(outside, 'secret.csv'), join(lake, 'file.csv'));
    await symlink(join(outside, 'nowhere.csv'), join(lake, 'dangling.csv'));
    const refused = { status: 403, code: 'object_store.symbolic_link' };
    for (const key of ['linked/secret.csv', 'linked/new/x.csv', 'file.csv', 'dangling.csv']) {
      await expect(store.get(key)).rejects.toMatchObject(refused);
      await expect(store.stream(key)).rejects.toMatchObject(refused);
      await expect(store.head(key)).rejects.toMatchObject(refused);
      await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject(refused);
      await expect(store.delete(key)).rejects.toMatchObject(refused);
    }
    expect(await keys()).toEqual([]);
    expect(await Array.fromAsync(store.list('linked/'))).toEqual([]);
    expect(await readdir(outside)).toEqual(['secret.csv']);
    expect(await readFile(join(outside, 'secret.csv'), 'utf8')).toBe('secret');
  });

  it('may itself be reached through a link', async () => {
    await symlink(lake, join(folder, 'link'));
    const through = await openObjectStore(`file:${folder}/link`);
    await through.put('a.csv', Buffer.from('x'));
    expect(await keys()).toEqual(['a.csv']);
  });

  it('ignores what others put into its folder under names that it never writes', async () => {
    await writeFile(join(lake, 'README'), 'x');
    await writeFile(join(lake, 'caf\u00e9.csv'), 'x');
    await mkdir(join(lake, 'empty'));
    await mkdir(join(lake, 'some.folder'));
    await writeFile(join(lake, 'some.folder', 'a.csv'), 'x');
    await writeFile(join(lake, 'ours.csv'), 'x');
    expect(await keys()).toEqual(['ours.csv']);
  });

  it('hides unfinished uploads, and removes them at the next start when they are a day old', async () => {
    const temporary = join(lake, '.%temporary');
    await writeFile(join(temporary, 'old'), 'x');
    await writeFile(join(temporary, 'young'), 'x');
    const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60 * 1000);
    await utimes(join(temporary, 'old'), twoDaysAgo, twoDaysAgo);
    expect(await keys()).toEqual([]);
    const told: object[] = [];
    const logger = { info: (details: object) => told.push(details), warn: () => {} };
    await openObjectStore(`file:${lake}`, { logger });
    expect(await readdir(temporary)).toEqual(['young']);
    expect(told).toEqual([{ removed: 1, folder: lake }]);
  });

  it('shows nothing of a put whose process was killed', async () => {
    const child = fileURLToPath(new URL('killed-put.ts', import.meta.url));
    const killed = await new Promise<NodeJS.Signals | undefined>((resolve) => {
      execFile(process.execPath, [child, lake], (error) => resolve(error?.signal));
    });
    expect(killed).toBe('SIGKILL');
    expect(await readdir(join(lake, '.%temporary'))).toHaveLength(1);
    expect((await store.get('a.csv')).toString()).toBe('older');
    expect(await keys()).toEqual(['a.csv']);
  });

  it('says so when its folder is gone, in every operation that needs it', async () => {
    await rename(lake, join(folder, 'elsewhere'));
    const error = { status: 503, code: 'object_store.unavailable', message: expect.stringContaining(lake) };
    await expect(store.check()).rejects.toMatchObject(error);
    await expect(store.put('a.csv', Buffer.from('x'))).rejects.toMatchObject(error);
  });

  it('does not open where there is a file', async () => {
    await writeFile(join(folder, 'file'), 'x');
    const error = {
      status: 503,
      code: 'object_store.unavailable',
      message: expect.stringContaining(join(folder, 'file')),
    };
    await expect(openObjectStore('file:file/lake', { baseDirectory: folder })).rejects.toMatchObject(error);
  });
});
