import { canStart, startMariaDb, type TestServer } from '@vindima/test-servers';
import { sql } from 'kysely';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, isConnectionLoss, openDatabase } from '../src/index.ts';
import { type Accounts, MIGRATIONS } from './accounts.ts';

function open(url: string, service: string, waitMs = 10_000): Promise<Database<Accounts>> {
  return openDatabase<Accounts>({ url, service, migrations: MIGRATIONS, waitMs });
}

describe.skipIf(!(await canStart('mariadb')))('a MySQL server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMariaDb();
  }, 60_000);
  afterAll(() => server.stop());

  async function administer(...statements: string[]): Promise<RowDataPacket[][]> {
    const connection = await createConnection(server.url);
    const results: RowDataPacket[][] = [];
    for (const statement of statements) results.push((await connection.query<RowDataPacket[]>(statement))[0]);
    await connection.end();
    return results;
  }
  const as = (user: string, database = '') => `mysql://${user}:pass@127.0.0.1:${server.port}/${database}`;

  it('gets the database of the service, in which texts compare exactly', async () => {
    const database = await open(server.url, 'wine');
    await database.check();
    await database.close();
    const [schemas] = await administer("select * from information_schema.schemata where schema_name = 'wine'");
    expect(schemas?.[0]).toMatchObject({
      DEFAULT_CHARACTER_SET_NAME: 'utf8mb4',
      DEFAULT_COLLATION_NAME: 'utf8mb4_nopad_bin',
    });
  });

  it('has one set of rules for every session', async () => {
    const database = await open(server.url, 'rules');
    const { rows } = await sql<Record<string, unknown>>`
      select @@time_zone as zone, @@sql_mode as mode, @@tx_isolation as isolation, @@collation_connection as collation`.execute(
      database.query,
    );
    expect(rows[0]).toMatchObject({ zone: '+00:00', isolation: 'READ-COMMITTED', collation: 'utf8mb4_bin' });
    expect(rows[0]?.mode).toContain('STRICT_ALL_TABLES');
    const long = database.query
      .insertInto('account')
      .values({ id: 'x'.repeat(101), balance: 1 })
      .execute();
    await expect(long).rejects.toThrow('too long');
    await database.close();
  });

  it('whose user may not create the database answers with what an administrator must run', async () => {
    await administer("create user poor@'%' identified by 'pass'");
    await expect(open(as('poor'), 'images')).rejects.toMatchObject({
      code: 'database.missing',
      message: expect.stringContaining('create database if not exists `images` character set utf8mb4'),
    });
  });

  it('with a database made by somebody else has its collation changed, or says that it cannot', async () => {
    await administer(
      'create database made collate utf8mb4_general_ci',
      "create user owner@'%' identified by 'pass'",
      "create user guest@'%' identified by 'pass'",
      "grant all on made.* to owner@'%'",
      "grant select, insert on made.* to guest@'%'",
    );
    await expect(open(as('guest', 'made'), 'x')).rejects.toMatchObject({ code: 'database.collation' });
    const database = await open(as('owner', 'made'), 'x');
    await database.query
      .insertInto('account')
      .values([
        { id: 'a', balance: 1 },
        { id: 'A', balance: 2 },
      ])
      .execute();
    await database.close();
  });

  it('that refuses the password says so at once, without the password', async () => {
    const error = await open(`mysql://test:wrong@127.0.0.1:${server.port}`, 'x', 60_000).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: 'database.access_denied', message: expect.stringContaining('"test"') });
    expect(String(error)).not.toContain('wrong');
  });

  it('that is not there is waited for, but not for ever', async () => {
    const own = await startMariaDb();
    await own.kill();
    const opening = open(own.url, 'late', 30_000);
    await own.restart();
    const database = await opening;
    await database.check();
    await database.close();
    await own.stop();
    await expect(open(own.url, 'late', 300)).rejects.toMatchObject({
      code: 'database.unreachable',
      message: expect.stringMatching(/127\.0\.0\.1:\d+ within 0\.3 s \(ECONNREFUSED\)/),
    });
  }, 60_000);

  it('is not waited for when the service is stopped meanwhile', async () => {
    const stop = new AbortController();
    const url = 'mysql://127.0.0.1:1/x';
    const opening = openDatabase({ url, service: 'x', migrations: {}, signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('that is killed fails what runs, and is used again when it is back, with all that was committed', async () => {
    const own = await startMariaDb();
    const database = await open(own.url, 'restarted');
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        database.query
          .insertInto('account')
          .values({ id: `${n}`, balance: n })
          .execute(),
      ),
    );
    const inside = Promise.withResolvers<void>();
    const dead = Promise.withResolvers<void>();
    const cut = database.transaction(async (transaction) => {
      await transaction.updateTable('account').set({ balance: -1 }).execute();
      inside.resolve();
      await dead.promise;
      await transaction.updateTable('account').set({ balance: -2 }).execute();
    });
    const sleeping = sql`select sleep(30)`.execute(database.query);
    const outcomes = Promise.allSettled([cut, sleeping]);
    await inside.promise;
    await own.kill('SIGKILL');
    dead.resolve();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'database.connection_lost', status: 503 } });
      expect(outcome.status === 'rejected' && isConnectionLoss(outcome.reason)).toBe(true);
    }
    await expect(database.check()).rejects.toMatchObject({ code: 'database.connection_lost' });
    await own.restart();
    await Promise.all(Array.from({ length: 20 }, () => database.check()));
    const rows = await database.query.selectFrom('account').select('balance').orderBy('balance').execute();
    expect(rows.map(({ balance }) => balance)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // The connections that the restart left dead in the pool, an orderly one included, must not come back.
    await own.restart('SIGTERM');
    await database.transaction((transaction) => transaction.deleteFrom('account').execute());
    await database.close();
    await own.stop();
  }, 60_000);
});
