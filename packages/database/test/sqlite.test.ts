import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@vindima/test-servers';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';
import { type Accounts, MIGRATIONS } from './accounts.ts';

function open(url: string): Promise<Database<Accounts>> {
  return openDatabase<Accounts>({ url, service: 'accounts', migrations: MIGRATIONS });
}

describe('SQLite in memory', () => {
  it('is a new database each time', async () => {
    const [first, second] = [await open('sqlite::memory:'), await open('sqlite::memory:')];
    await first.query.insertInto('account').values({ id: 'a', balance: 1 }).execute();
    expect(await second.query.selectFrom('account').selectAll().execute()).toEqual([]);
    await Promise.all([first.close(), second.close()]);
  });

  it('shows no transaction before it commits', async () => {
    const database = await open('sqlite::memory:');
    const count = () => database.query.selectFrom('account').select('id').execute();
    const writing = database.transaction(async (transaction) => {
      await transaction.insertInto('account').values({ id: 'a', balance: 1 }).execute();
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('undone');
    });
    const reading = count();
    await expect(writing).rejects.toThrow('undone');
    expect(await reading).toEqual([]);
    await database.close();
  });
});

describe('SQLite in a file', () => {
  it('makes the folder, writes ahead, flushes every commit and checks foreign keys', async () => {
    const path = join(temporaryFolder(), 'new/folder/accounts.db');
    const database = await open(`sqlite:${path}`);
    expect(existsSync(path)).toBe(true);
    const pragma = async (name: string) =>
      Object.values((await sql.raw<object>(`pragma ${name}`).execute(database.query)).rows[0] ?? {})[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    const orphan = database.query.insertInto('movement').values({ account: 'nobody', note: '' }).execute();
    await expect(orphan).rejects.toThrow('FOREIGN KEY');
    await database.close();
    // The last to close folds the log into the file.
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('writes lazily without waiting for the disk, in line with all other writes', async () => {
    const path = join(temporaryFolder(), 'lazy.db');
    const database = await open(`sqlite:${path}`);
    expect((await sql`pragma synchronous`.execute(database.lazy)).rows).toEqual([{ synchronous: 1 }]);
    expect((await sql`pragma synchronous`.execute(database.query)).rows).toEqual([{ synchronous: 2 }]);
    const events: string[] = [];
    const holding = database.transaction(async (transaction) => {
      await transaction.insertInto('account').values({ id: 'a', balance: 1 }).execute();
      await new Promise((resolve) => setTimeout(resolve, 20));
      events.push('transaction');
    });
    const tidying = database.lazy.deleteFrom('account').where('id', '=', 'a').executeTakeFirst();
    await Promise.all([holding, tidying.then(() => events.push('lazy'))]);
    expect(events).toEqual(['transaction', 'lazy']);
    expect((await tidying).numDeletedRows).toBe(1n);
    expect(await database.query.selectFrom('account').selectAll().execute()).toEqual([]);
    await database.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('says which path cannot be opened', async () => {
    const folder = temporaryFolder();
    await expect(open(`sqlite:${folder}`)).rejects.toMatchObject({
      code: 'database.unreachable',
      message: expect.stringContaining(folder),
    });
  });

  it('keeps working with more different statements than it remembers', async () => {
    const database = await open(`sqlite:${join(temporaryFolder(), 'many.db')}`);
    for (let number = 0; number < 450; number += 1) {
      const { rows } = await sql.raw<{ n: number }>(`select ${number % 225} as n`).execute(database.query);
      expect(rows[0]?.n).toBe(number % 225);
    }
    await database.close();
  });

  it('never has to run a transaction twice because another connection wrote after its first read', async () => {
    const url = `sqlite:${join(temporaryFolder(), 'upgrade.db')}`;
    const both = await Promise.all([open(url), open(url)]);
    await both[0].query.insertInto('account').values({ id: 'a', balance: 0 }).execute();
    let runs = 0;
    const add = (database: Database<Accounts>) =>
      database.transaction(async (transaction) => {
        runs += 1;
        const { balance } = await transaction.selectFrom('account').select('balance').executeTakeFirstOrThrow();
        await new Promise((resolve) => setImmediate(resolve));
        await transaction
          .updateTable('account')
          .set({ balance: balance + 1 })
          .execute();
      });
    await Promise.all(both.flatMap((database) => [add(database), add(database), add(database)]));
    expect(await both[1].query.selectFrom('account').select('balance').executeTakeFirst()).toEqual({ balance: 6 });
    expect(runs).toBe(6);
    await Promise.all(both.map((database) => database.close()));
  });

  it('reads while another connection holds a write lock, and writes when that is over', async () => {
    const url = `sqlite:${join(temporaryFolder(), 'two.db')}`;
    const [first, second] = [await open(url), await open(url)];
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = first.transaction(async (transaction) => {
      await transaction.insertInto('account').values({ id: 'a', balance: 1 }).execute();
      begun.resolve();
      await go.promise;
    });
    await begun.promise;
    expect(await second.query.selectFrom('account').selectAll().execute()).toEqual([]);
    const single = second.query.insertInto('account').values({ id: 'b', balance: 2 }).execute();
    const whole = second.transaction((transaction) =>
      transaction.insertInto('account').values({ id: 'c', balance: 3 }).execute(),
    );
    setTimeout(() => go.resolve(), 50);
    await Promise.all([holding, single, whole]);
    const rows = await second.query.selectFrom('account').select('id').orderBy('id').execute();
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    await Promise.all([first.close(), second.close()]);
  });
});
