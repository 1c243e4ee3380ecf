import { databases, type TestDatabase } from '@vindima/test-servers';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';
import { type Accounts, MIGRATIONS } from './accounts.ts';

/** A point that a test reaches and waits for. */
function signal() {
  return Promise.withResolvers<void>();
}

describe.each(await databases())('transactions: $dialect', ({ dialect, create }) => {
  let place: TestDatabase;
  let database: Database<Accounts>;

  function open(): Promise<Database<Accounts>> {
    return openDatabase<Accounts>({ url: place.url, service: 'accounts', migrations: MIGRATIONS });
  }
  async function balances(): Promise<Record<string, number>> {
    const rows = await database.query.selectFrom('account').selectAll().execute();
    return Object.fromEntries(rows.map(({ id, balance }) => [id, balance]));
  }

  beforeEach(async () => {
    place = await create();
    database = await open();
    const rows = ['a', 'b'].map((id) => ({ id, balance: 0 }));
    await database.query.insertInto('account').values(rows).execute();
  });
  afterEach(async () => {
    await database.close();
    await place.drop();
  });

  it('commit all of their work and return its result', async () => {
    const result = await database.transaction(async (transaction) => {
      await transaction.updateTable('account').set({ balance: 1 }).where('id', '=', 'a').execute();
      await transaction.updateTable('account').set({ balance: 2 }).where('id', '=', 'b').execute();
      return 'done';
    });
    expect(result).toBe('done');
    expect(await balances()).toEqual({ a: 1, b: 2 });
  });

  it('undo all of their work when it throws, and throw the same error, once', async () => {
    const error = new Error('half way');
    let runs = 0;
    const work = database.transaction(async (transaction) => {
      runs += 1;
      await transaction.updateTable('account').set({ balance: 1 }).execute();
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(runs).toBe(1);
    expect(await balances()).toEqual({ a: 0, b: 0 });
  });

  it('are not seen by others before they commit', async () => {
    const [written, seen] = [signal(), signal()];
    const writing = database.transaction(async (transaction) => {
      await transaction.updateTable('account').set({ balance: 9 }).execute();
      written.resolve();
      await seen.promise;
      const own = await transaction.selectFrom('account').select('balance').execute();
      expect(own.map(({ balance }) => balance)).toEqual([9, 9]);
    });
    await written.promise;
    expect(await balances()).toEqual({ a: 0, b: 0 });
    const raw = await sql<{ balance: number }>`select balance from account`.execute(database.query);
    expect(raw.rows.map(({ balance }) => balance)).toEqual([0, 0]);
    for await (const { balance } of database.query.selectFrom('account').select('balance').stream()) {
      expect(balance).toBe(0);
    }
    seen.resolve();
    await writing;
    expect(await balances()).toEqual({ a: 9, b: 9 });
  });

  it('that add to the same row at once lose nothing', async () => {
    const others = await Promise.all([open(), open()]);
    const add = (place: Database<Accounts>) =>
      place.transaction(async (transaction) => {
        const query = transaction.selectFrom('account').select('balance').where('id', '=', 'a');
        const { balance } = await (dialect === 'mysql' ? query.forUpdate() : query).executeTakeFirstOrThrow();
        await transaction
          .updateTable('account')
          .set({ balance: balance + 1 })
          .where('id', '=', 'a')
          .execute();
      });
    const everybody = [database, ...others];
    await Promise.all(Array.from({ length: 150 }, (_, index) => add(everybody[index % 3] ?? database)));
    expect(await balances()).toEqual({ a: 150, b: 0 });
    await Promise.all(others.map((other) => other.close()));
  });

  it('and single writes beside them all happen', async () => {
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => {
        const insert = { account: 'a', note: String(index) };
        if (index % 2 === 0) return database.query.insertInto('movement').values(insert).execute();
        return database.transaction((transaction) => transaction.insertInto('movement').values(insert).execute());
      }),
    );
    expect(await database.query.selectFrom('movement').select('id').execute()).toHaveLength(60);
  });

  it.runIf(dialect === 'mysql')('that deadlock are run again until both have happened', async () => {
    let runs = 0;
    const holding = [signal(), signal()];
    const move = (from: 'a' | 'b', to: 'a' | 'b', mine: number) =>
      database.transaction(async (transaction) => {
        runs += 1;
        const add = (id: string) =>
          transaction
            .updateTable('account')
            .set((builder) => ({ balance: builder('balance', '+', 1) }))
            .where('id', '=', id)
            .execute();
        await add(from);
        holding[mine]?.resolve();
        // Both hold one row now and want the other's.
        await Promise.all(holding.map(({ promise }) => promise));
        await add(to);
      });
    await Promise.all([move('a', 'b', 0), move('b', 'a', 1)]);
    expect(runs).toBeGreaterThan(2);
    expect(await balances()).toEqual({ a: 2, b: 2 });
  });

  it('that lose every time end with an error that says so', async () => {
    let runs = 0;
    const lost = Object.assign(new Error('deadlock'), dialect === 'mysql' ? { errno: 1213 } : { errcode: 517 });
    const work = database.transaction(async (transaction) => {
      runs += 1;
      await transaction.updateTable('account').set({ balance: 1 }).execute();
      throw lost;
    });
    await expect(work).rejects.toMatchObject({ status: 503, code: 'database.busy', cause: lost });
    expect(runs).toBe(8);
    expect(await balances()).toEqual({ a: 0, b: 0 });
  });

  it('that are running when the database closes are finished first; nothing begins after', async () => {
    const [begun, go] = [signal(), signal()];
    const running = database.transaction(async (transaction) => {
      await transaction.updateTable('account').set({ balance: 3 }).where('id', '=', 'a').execute();
      begun.resolve();
      await go.promise;
      await transaction.updateTable('account').set({ balance: 4 }).where('id', '=', 'b').execute();
    });
    await begun.promise;
    const closing = database.close();
    await expect(balances()).rejects.toMatchObject({ code: 'database.closed' });
    await expect(database.transaction(async () => {})).rejects.toMatchObject({ code: 'database.closed' });
    await expect(database.check()).rejects.toMatchObject({ code: 'database.closed' });
    go.resolve();
    await running;
    await closing;
    await database.close();
    database = await open();
    expect(await balances()).toEqual({ a: 3, b: 4 });
  });
});
