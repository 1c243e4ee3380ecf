import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openObjectStore } from '@vindima/object-store';
import { createLogger } from '@vindima/service-kit';
import { afterAll, describe, expect, it } from 'vitest';
import type { StoredDataset } from '../../src/db/datasets-table.ts';
import { openScratch } from '../../src/tables/scratch.ts';
import { createTableStore } from '../../src/tables/table-store.ts';

const folder = await mkdtemp(join(tmpdir(), 'datasets-store-'));
const objects = await openObjectStore(`file:${join(folder, 'lake')}`, {
  logger: createLogger({ name: 'test', level: 'silent' }),
});
afterAll(() => objects.close());

const named = (id: string) => ({ objectKey: `t/${id}`, sourceKey: null, dataset: { file_id: id } }) as StoredDataset;
const content = (store: Awaited<ReturnType<typeof createTableStore>>, id: string) =>
  store.withTable(named(id), (path) => readFile(path, 'utf8'));
const file = async (text: string) => {
  const path = join(folder, `file-${Math.random()}`);
  await writeFile(path, text);
  return path;
};

describe('the table store', () => {
  it('keeps a file as an object, and finds it again without the copy', async () => {
    const store = await createTableStore(objects, join(folder, 'one'), 1000);
    await store.keep('t/a', await file('table a'));
    expect((await objects.get('t/a')).toString()).toBe('table a');
    expect(await content(store, 'a')).toBe('table a');
    const other = await createTableStore(objects, join(folder, 'two'), 1000);
    expect(await Promise.all([content(other, 'a'), content(other, 'a')])).toEqual(['table a', 'table a']);
  });

  it('holds no more copies than it may, and lets go of the longest unused', async () => {
    const place = join(folder, 'three');
    const store = await createTableStore(objects, place, 20);
    for (const id of ['b', 'c']) await store.keep(`t/${id}`, await file(`ten bytes${id}`));
    await content(store, 'b');
    await store.keep('t/d', await file('ten bytesd'));
    expect((await readdir(place)).sort()).toEqual(['b.parquet', 'd.parquet']);
    expect(await content(store, 'c')).toBe('ten bytesc');
  });

  it('does not take a copy from who reads it', async () => {
    const store = await createTableStore(objects, join(folder, 'four'), 0);
    await store.keep('t/e', await file('table e'));
    let path = '';
    await store.withTable(named('e'), async (copy) => {
      path = copy;
      await store.remove(named('e'));
      expect(await readFile(copy, 'utf8')).toBe('table e');
    });
    expect(existsSync(path)).toBe(false);
    await expect(content(store, 'e')).rejects.toMatchObject({ status: 404 });
    // The failure is not remembered.
    await objects.put('t/e', Buffer.from('again'));
    expect(await content(store, 'e')).toBe('again');
  });
});

describe('the scratch folder', () => {
  it('removes what processes that are gone have left, and nothing else', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'datasets-scratch-'));
    const mine = await openScratch(parent);
    await writeFile(join(mine, 'file'), 'x');
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(parent, 'vindima-datasets-999999999-abcdef'));
    await mkdir(join(parent, 'something else'));
    const next = await openScratch(parent);
    expect((await readdir(parent)).sort()).toEqual(
      ['something else', ...[mine, next].map((path) => path.split('/').at(-1))].sort(),
    );
    expect(existsSync(join(mine, 'file'))).toBe(true);
  });
});
