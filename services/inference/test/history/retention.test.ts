import { openDatabase } from '@vindima/database';
import type { KitTables } from '@vindima/service-kit';
import { databases } from '@vindima/test-servers';
import { describe, expect, it } from 'vitest';
import { type InferenceTables, inferenceMigrations } from '../../src/db/tables.ts';
import { insertClassifications } from '../../src/history/database-sink.ts';
import { createIds } from '../../src/history/new-id.ts';
import { pruneHistory } from '../../src/history/retention.ts';
import { firstIdAt, timeOf } from '../../src/history/row.ts';

describe.each(await databases())('old rows of the history, $dialect', ({ create }) => {
  it('are removed, however many there are, and no others', async () => {
    const { url, drop } = await create();
    const database = await openDatabase<InferenceTables & KitTables>({
      url,
      service: 'inference',
      migrations: inferenceMigrations,
    });
    const day = Date.parse('2026-11-21T00:00:00.000Z');
    let time = day - 5_001;
    const newId = createIds(() => time++);
    const rows = Array.from({ length: 10_002 }, () => ({
      id: newId(),
      model: 'm',
      version: 1,
      source: 'rest',
      class: null,
      input: '{}',
      output: '{}',
    }));
    await insertClassifications(database.query, rows, []);
    const removed = await pruneHistory(database.query, new Date(day), new AbortController().signal);
    expect(removed).toBe(5_001);
    const left = await database.query.selectFrom('classifications').select('id').orderBy('id').execute();
    expect(left).toHaveLength(5_001);
    expect(timeOf(left[0]?.id ?? '').getTime()).toBe(day);
    await database.close();
    await drop();
  });
});

describe('ids', () => {
  it('are UUIDs of version 7 in the order of time, also when the clock stands still or goes back', () => {
    const times = [1000, 1000, 900, ...new Array(5000).fill(1000), 2000];
    const newId = createIds(() => times.shift() ?? 0);
    const ids = Array.from({ length: 5004 }, newId);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(ids[0]).toMatch(/^00000000-03e8-7000-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOf(ids.at(-1) ?? '').getTime()).toBe(2000);
    expect(firstIdAt(new Date(1000)) < (ids[0] ?? '')).toBe(true);
  });
});
