import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '@vindima/database';
import { createLogger, type KitTables } from '@vindima/service-kit';
import { databases } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deleteDataset,
  expiredDatasets,
  findDataset,
  getDataset,
  insertDataset,
  listDatasets,
} from '../../src/db/datasets.ts';
import { type DatasetsTables, datasetsMigrations, type StoredDataset } from '../../src/db/datasets-table.ts';

const stored = (time: string, kind: StoredDataset['dataset']['kind'] = 'upload'): StoredDataset => {
  const file_id = randomUUID();
  return {
    objectKey: `datasets/tables/processing_date=2026-01-01/${file_id}.parquet`,
    sourceKey: null,
    dataset: {
      file_id,
      filename: `${'é'.repeat(250)}.csv`,
      kind,
      format: 'csv',
      rows: 3_000_000_000,
      columns: [{ name: 'a\u{1F600}', type: 'integer' }],
      dialect: { delimiter: ';', header: true },
      warnings: [{ code: 'ragged_row', message: 'Line 2', line: 2 }],
      size: 5_000_000_000,
      stored_size: 12,
      source: null,
      created_at: time,
    },
  };
};

describe.each(await databases())('the stored tables, on $dialect', { timeout: 60_000 }, ({ create }) => {
  let database: Database<DatasetsTables & KitTables>;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const made = await create();
    drop = made.drop;
    database = await openDatabase<DatasetsTables & KitTables>({
      url: made.url,
      service: 'datasets',
      migrations: datasetsMigrations,
      logger: createLogger({ name: 'test', level: 'silent' }),
    });
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  it('come back as they were written, and once though they are written twice', async () => {
    const one = stored('2026-01-01T00:00:00.000Z');
    await insertDataset(database.query, one);
    await insertDataset(database.query, one);
    expect(await getDataset(database.query, one.dataset.file_id)).toEqual(one);
    await expect(getDataset(database.query, 'nope')).rejects.toMatchObject({
      status: 404,
      code: 'datasets.unknown_file',
    });
    expect(await deleteDataset(database.query, one.dataset.file_id)).toBe(true);
    expect(await deleteDataset(database.query, one.dataset.file_id)).toBe(false);
    expect(await findDataset(database.query, one.dataset.file_id)).toBeUndefined();
  });

  it('are listed newest first, page by page, each once, those of the same time too', async () => {
    const all = [...Array(7).keys()].map((number) =>
      stored(`2026-02-0${Math.floor(number / 3) + 1}T00:00:00.000Z`, 'import'),
    );
    for (const one of all) await insertDataset(database.query, one);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listDatasets(database.query, {
        limit: 2,
        kind: 'import',
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ dataset }) => dataset.file_id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    const order = all.toSorted(
      (one, other) =>
        other.dataset.created_at.localeCompare(one.dataset.created_at) ||
        (one.dataset.file_id < other.dataset.file_id ? 1 : -1),
    );
    expect(seen).toEqual(order.map(({ dataset }) => dataset.file_id));
    await expect(listDatasets(database.query, { limit: 2, cursor: 'bm9wZQ' })).rejects.toMatchObject({ status: 400 });
  });

  it('expire when they are results or errors and old', async () => {
    const old = stored('2025-01-01T00:00:00.000Z', 'result');
    for (const one of [old, stored('2025-01-01T00:00:00.000Z'), stored('2026-03-01T00:00:00.000Z', 'violations')]) {
      await insertDataset(database.query, one);
    }
    expect(await expiredDatasets(database.query, '2026-01-01T00:00:00.000Z', 10)).toEqual([old]);
  });
});
