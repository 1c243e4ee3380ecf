import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { databases, type TestDatabase } from '@vindima/test-servers';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnTypes, type Migrations, openDatabase } from '../src/index.ts';
import { MIGRATIONS } from './accounts.ts';

const run = promisify(execFile);
const OPEN = join(import.meta.dirname, 'processes/open-and-close.ts');

function table(name: string): Migrations[string] {
  return {
    async up(query) {
      await query.schema.createTable(name).addColumn('id', columnTypes(query).integer).execute();
    },
  };
}

describe.each(await databases())('migrations: $dialect', ({ create }) => {
  let place: TestDatabase;
  beforeEach(async () => {
    place = await create();
  });
  afterEach(() => place.drop());

  /** Opens, closes, and returns the names of the migrations that are applied then. */
  async function migrated(migrations: Migrations): Promise<string[]> {
    const database = await openDatabase<unknown>({ url: place.url, service: 'migrations', migrations });
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
      database.query,
    );
    await database.close();
    return rows.map(({ name }) => name);
  }

  it('are applied once, and later ones added', async () => {
    const first = { '2026-01-01_a': table('a') };
    expect(await migrated(first)).toEqual(['2026-01-01_a']);
    expect(await migrated(first)).toEqual(['2026-01-01_a']);
    expect(await migrated({ ...first, '2026-01-02_b': table('b') })).toEqual(['2026-01-01_a', '2026-01-02_b']);
  });

  it('may be none', async () => {
    expect(await migrated({})).toEqual([]);
  });

  it('of a package that comes later may have older names', async () => {
    await migrated({ '2026-02-01_service': table('service') });
    const both = { '2026-02-01_service': table('service'), '2026-01-01_package': table('package') };
    expect(await migrated(both)).toEqual(['2026-01-01_package', '2026-02-01_service']);
  });

  it('that the code does not know stop the start', async () => {
    await migrated({ '2026-01-01_a': table('a'), '2027-01-01_future': table('future') });
    await expect(migrated({ '2026-01-01_a': table('a') })).rejects.toMatchObject({
      code: 'database.newer_than_code',
      message: expect.stringContaining('2027-01-01_future'),
      details: { migrations: ['2027-01-01_future'] },
    });
  });

  it('that fail stop the start with their name and reason, and are tried again', async () => {
    const broken: Migrations = {
      '2026-01-01_a': table('a'),
      '2026-01-02_broken': {
        async up() {
          throw new Error('the disk has holes');
        },
      },
    };
    await expect(migrated(broken)).rejects.toMatchObject({
      code: 'database.migration_failed',
      message: 'the migration "2026-01-02_broken" failed: the disk has holes',
      details: { migration: '2026-01-02_broken' },
    });
    const repaired = { '2026-01-01_a': table('a'), '2026-01-02_broken': table('b') };
    expect(await migrated(repaired)).toEqual(['2026-01-01_a', '2026-01-02_broken']);
  });

  it('without a date in their name are refused', async () => {
    await expect(migrated({ people: table('people') })).rejects.toThrow('must begin with its date');
  });

  it('are applied once by many that open at the same time', async () => {
    const names = Object.keys(MIGRATIONS);
    const results = await Promise.all(Array.from({ length: 6 }, () => migrated(MIGRATIONS)));
    for (const result of results) expect(result).toEqual(names);
  });

  it('are applied once by several processes that start at the same time', async () => {
    const starts = Array.from({ length: 4 }, () => run(process.execPath, [OPEN, place.url]));
    const outputs = await Promise.all(starts);
    const counts = outputs.map(({ stdout }) => Number(stdout)).sort();
    // Whoever came first migrated; the rest found it done. SQLite does all in one transaction, MySQL under one lock.
    expect(counts).toEqual([0, 0, 0, 2]);
  }, 60_000);
});
