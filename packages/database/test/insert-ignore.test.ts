import { databases, type TestDatabase } from '@vindima/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, insertIgnore, openDatabase } from '../src/index.ts';
import { type Accounts, MIGRATIONS } from './accounts.ts';

describe.each(await databases())('insertIgnore: $dialect', ({ create }) => {
  let place: TestDatabase;
  let database: Database<Accounts>;
  beforeEach(async () => {
    place = await create();
    database = await openDatabase<Accounts>({ url: place.url, service: 'accounts', migrations: MIGRATIONS });
  });
  afterEach(async () => {
    await database.close();
    await place.drop();
  });

  it('inserts what is new, keeps what was there, and counts the new', async () => {
    expect(await insertIgnore(database.query, 'account', [])).toBe(0);
    expect(await insertIgnore(database.query, 'account', [{ id: 'a', balance: 1 }])).toBe(1);
    const rows = ['a', 'b', 'c', 'b'].map((id) => ({ id, balance: 2 }));
    expect(await database.transaction((transaction) => insertIgnore(transaction, 'account', rows))).toBe(2);
    expect(await insertIgnore(database.query, 'account', rows)).toBe(0);
    const found = await database.query.selectFrom('account').selectAll().orderBy('id').execute();
    expect(found.map(({ id, balance }) => `${id}${balance}`)).toEqual(['a1', 'b2', 'c2']);
  });

  it('takes more rows than one statement can', async () => {
    const rows = Array.from({ length: 20_001 }, (_, index) => ({ id: `account ${index}`, balance: index }));
    expect(await database.transaction((transaction) => insertIgnore(transaction, 'account', rows))).toBe(20_001);
  });

  it('still fails for a broken foreign key and a missing value', async () => {
    const orphan = { account: 'nobody', note: 'x' };
    await expect(insertIgnore(database.query, 'movement', [orphan])).rejects.toThrow(/foreign key/i);
    const nothing = JSON.parse('{"id":"n","balance":null}');
    await expect(insertIgnore(database.query, 'account', [nothing])).rejects.toThrow(/null/i);
    const work = database.transaction(async (transaction) => {
      await insertIgnore(transaction, 'account', [{ id: 'first', balance: 1 }]);
      await insertIgnore(transaction, 'movement', [{ account: 'first', note: 'good' }, orphan]);
    });
    await expect(work).rejects.toThrow(/foreign key/i);
    expect(await database.query.selectFrom('movement').selectAll().execute()).toEqual([]);
    // Not even among more duplicates than a MySQL session remembers warnings by default.
    await insertIgnore(database.query, 'account', [{ id: 'busy', balance: 1 }]);
    const many = Array.from({ length: 3000 }, (_, note) => ({ account: 'busy', note: String(note) }));
    expect(await insertIgnore(database.query, 'movement', many)).toBe(3000);
    await expect(insertIgnore(database.query, 'movement', [...many, orphan])).rejects.toThrow(/foreign key/i);
    expect(await database.query.selectFrom('account').where('id', '=', 'first').selectAll().execute()).toEqual([]);
  });
});
