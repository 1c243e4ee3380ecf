import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@vindima/database';
import { openObjectStore } from '@vindima/object-store';
import { databases } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { insertDataset } from '../../src/db/datasets.ts';
import { type DatasetsQueries, datasetsMigrations, type StoredDataset } from '../../src/db/datasets-table.ts';
import { sweepTables } from '../../src/jobs/sweep-tables.ts';
import { tableKey } from '../../src/tables/keys.ts';

const stored = (id: string): StoredDataset => ({
  objectKey: tableKey('2026-11-28', id),
  sourceKey: null,
  dataset: {
    file_id: id,
    filename: 'table.csv',
    kind: 'upload',
    format: 'csv',
    rows: 1,
    columns: [],
    dialect: {},
    warnings: [],
    size: 1,
    stored_size: 1,
    source: null,
    created_at: '2026-11-28T12:00:00.000Z',
  } as StoredDataset['dataset'],
});

describe.each(await databases())('the sweep of tables on $dialect', { timeout: 60_000 }, ({ create }) => {
  it('removes old files without a row, and no others', async () => {
    const place = await create();
    const database = await openDatabase({ url: place.url, service: 'datasets', migrations: datasetsMigrations });
    const query = database.query as unknown as DatasetsQueries;
    const objects = await openObjectStore(`file:${await mkdtemp(join(tmpdir(), 'datasets-sweep-'))}`);
    try {
      const known = Array.from({ length: 3 }, (_, index) => stored(`known-${index}`));
      for (const one of known) await insertDataset(query, one);
      for (const { objectKey } of known) await objects.put(objectKey, Buffer.from('table'));
      const lost = Array.from({ length: 600 }, (_, index) => tableKey('2026-11-28', `lost-${index}`));
      await Promise.all(lost.map((key) => objects.put(key, Buffer.from('table'))));
      await objects.put('datasets/exports/lost-1/_manifest.json', Buffer.from('{}'));
      await objects.put('pricing/other.parquet', Buffer.from('other'));
      const options = { graceMs: 60_000, signal: new AbortController().signal };
      expect(await sweepTables(query, objects, { ...options, now: new Date() })).toBe(0);
      expect(await sweepTables(query, objects, { ...options, now: new Date(Date.now() + 120_000) })).toBe(600);
      const left: string[] = [];
      for await (const { key } of objects.list('')) left.push(key);
      expect(left).toEqual([
        'datasets/exports/lost-1/_manifest.json',
        ...known.map(({ objectKey }) => objectKey),
        'pricing/other.parquet',
      ]);
    } finally {
      await objects.close();
      await database.close();
      await place.drop();
    }
  });
});
