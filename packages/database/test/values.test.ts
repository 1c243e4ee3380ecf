import { databases, type TestDatabase } from '@vindima/test-servers';
import { type Generated, type Insertable, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  autoIncrement,
  columnTypes,
  type Database,
  fromJson,
  isUniqueViolation,
  openDatabase,
  toJson,
} from '../src/index.ts';

interface Values {
  value: {
    id: Generated<number>;
    key: string | null;
    text: string | null;
    json: string | null;
    integer: number | bigint | boolean | null;
    double: number | null;
    decimal: string | null;
    bytes: Uint8Array | null;
    time: string | Date | null;
  };
}

describe.each(await databases())('values: $dialect', ({ create }) => {
  let place: TestDatabase;
  let database: Database<Values>;

  beforeAll(async () => {
    place = await create();
    database = await openDatabase<Values>({
      url: place.url,
      service: 'values',
      migrations: {
        '2026-01-01_values': {
          async up(query) {
            const types = columnTypes(query);
            await query.schema
              .createTable('value')
              .addColumn('id', types.id, autoIncrement)
              .addColumn('key', types.key(768), (column) => column.unique())
              .addColumn('text', types.text)
              .addColumn('json', types.json)
              .addColumn('integer', types.integer)
              .addColumn('double', types.double)
              .addColumn('decimal', types.decimal(30, 10))
              .addColumn('bytes', types.bytes)
              .addColumn('time', types.timestamp)
              .execute();
          },
        },
      },
    });
  });
  afterAll(async () => {
    await database.close();
    await place.drop();
  });

  const empty = {
    key: null,
    text: null,
    json: null,
    integer: null,
    double: null,
    decimal: null,
    bytes: null,
    time: null,
  };

  async function roundTrip(values: Partial<Insertable<Values['value']>>) {
    const { insertId } = await database.query
      .insertInto('value')
      .values({ ...empty, ...values })
      .executeTakeFirstOrThrow();
    const id = Number(insertId);
    return database.query.selectFrom('value').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  }

  it('come back as they were written', async () => {
    const bytes = new Uint8Array([0, 39, 92, 255, 10, 26]);
    const text = `quote ' double " backslash \\ percent % nul \0 newline \n emoji 🍷 ? :name`;
    const row = await roundTrip({
      text,
      key: 'a\\',
      bytes,
      double: 0.1 + 0.2,
      decimal: '12345678901234567890.0123456789',
    });
    expect(row).toMatchObject({
      text,
      key: 'a\\',
      double: 0.30000000000000004,
      decimal: '12345678901234567890.0123456789',
    });
    expect([...(row.bytes ?? [])]).toEqual([...bytes]);
    expect(row.json).toBeNull();
  });

  it('of integers are numbers up to 2^53, and refused beyond', async () => {
    expect((await roundTrip({ integer: Number.MAX_SAFE_INTEGER })).integer).toBe(Number.MAX_SAFE_INTEGER);
    expect((await roundTrip({ integer: -42n })).integer).toBe(-42);
    await expect(roundTrip({ integer: 2n ** 53n })).rejects.toThrow('too large');
    await database.query.deleteFrom('value').where('integer', '>', Number.MAX_SAFE_INTEGER).execute();
  });

  it('of booleans and dates become 1 or 0 and ISO text', async () => {
    const time = new Date('2026-02-28T23:59:59.999Z');
    expect(await roundTrip({ integer: true, time })).toMatchObject({ integer: 1, time: '2026-02-28T23:59:59.999Z' });
    expect(await roundTrip({ integer: false })).toMatchObject({ integer: 0 });
  });

  it('of JSON are text that is read back whole', async () => {
    const value = { nested: [1, null, { ключ: '🍇' }], text: '"' };
    const { json } = await roundTrip({ json: toJson(value) });
    expect(fromJson(json ?? '')).toEqual(value);
    expect(() => toJson(undefined)).toThrow('no JSON form');
  });

  it('that SQL does not have are refused', async () => {
    for (const value of [
      { toString: () => '1' },
      [1, 2],
      undefined,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Symbol('s'),
    ]) {
      await expect(sql`select ${value} as value`.execute(database.query)).rejects.toThrow(TypeError);
    }
  });

  it('of keys are compared exactly: case, accents and trailing blanks count', async () => {
    for (const key of ['uva', 'Uva', 'uvá', 'uva ']) await roundTrip({ key });
    const found = await database.query.selectFrom('value').select('key').where('key', '=', 'uva').execute();
    expect(found.map(({ key }) => key)).toEqual(['uva']);
    const like = await database.query.selectFrom('value').select('key').where('key', 'like', 'U%').execute();
    expect(like.map(({ key }) => key)).toEqual(['Uva']);
    const ordered = await database.query
      .selectFrom('value')
      .select('key')
      .where('key', 'like', '%v%')
      .orderBy('key')
      .execute();
    expect(ordered.map(({ key }) => key)).toEqual(['Uva', 'uva', 'uva ', 'uvá']);
    const error = await roundTrip({ key: 'uva' }).catch((caught: unknown) => caught);
    expect(isUniqueViolation(error)).toBe(true);
  });

  it('are counted as numbers', async () => {
    const { count } = await database.query
      .selectFrom('value')
      .select((builder) => builder.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBeTypeOf('number');
    const { rows } = await sql<{ sum: number }>`select cast(sum(id) as signed) as sum from value`.execute(
      database.query,
    );
    expect(rows[0]?.sum).toBeTypeOf('number');
  });

  it('of several megabytes are stored whole', async () => {
    const text = 'ü🍷'.repeat(700_000);
    expect((await roundTrip({ text })).text === text).toBe(true);
  });

  it('can be streamed, and a stream left early harms nobody', async () => {
    const query = database.query.selectFrom('value').select('id').orderBy('id');
    const all = await query.execute();
    const streamed: { id: number }[] = [];
    for await (const row of query.stream()) streamed.push(row);
    expect(streamed.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    for await (const _ of query.stream()) break;
    expect(await query.execute()).toHaveLength(all.length);
  });

  it('that an update meets are counted even where they do not change', async () => {
    const { id } = await roundTrip({ integer: 5 });
    const update = database.query.updateTable('value').set({ integer: 5 }).where('id', '=', id);
    expect((await update.executeTakeFirst()).numUpdatedRows).toBe(1n);
  });
});
