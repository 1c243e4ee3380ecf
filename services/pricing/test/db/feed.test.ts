import { type Database, openDatabase } from '@vindima/database';
import { databases } from '@vindima/test-servers';
import type { Transaction } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesAfter } from '../../src/db/changes.ts';
import { pricingMigrations } from '../../src/db/migrations.ts';
import { insertRates } from '../../src/db/rates.ts';
import { knownAt, takePlaces } from '../../src/db/recordings.ts';
import type { Tables } from '../../src/db/tables.ts';
import { recordRates } from '../../src/run/record-rates.ts';

describe.each(await databases())('the feed, on $dialect', { timeout: 60_000 }, ({ create }) => {
  let drop: () => Promise<void>;
  let writers: Database<Tables>[];
  const now = () => new Date('2026-04-08T12:00:00.000Z');

  beforeEach(async () => {
    const database = await create();
    drop = database.drop;
    const open = () => openDatabase<Tables>({ url: database.url, service: 'pricing', migrations: pricingMigrations });
    // As many processes would: each with connections of its own.
    writers = [await open(), await open(), await open()];
  });
  afterEach(async () => {
    for (const writer of writers) await writer.close();
    await drop();
  });
  const [first, ...others] = [0, 1, 2];
  const at = (index: number) => writers[index] ?? failed();

  const write = async (transaction: Transaction<Tables>, currency: string, revision: number, pause: number) => {
    const { first: place } = await takePlaces(transaction, 2, now());
    await new Promise((resolve) => setTimeout(resolve, pause));
    const day = (date: string) => ({ currency, date, rate: '1.5', revision });
    await insertRates(transaction, 'test', place, [day('2026-04-07'), day('2026-04-08')]);
  };

  it('has no gaps, and shows no later change before an earlier one, while many write and some fail', async () => {
    const rounds = 25;
    const seen: number[] = [];
    let writing = true;
    const reading = (async () => {
      for (
        let after = 0;
        writing || after < (await changesAfter(at(first).query, { after: 0, limit: 1, entity: undefined })).last;
      ) {
        const page = await changesAfter(at(first).query, { after, limit: 7, entity: undefined });
        seen.push(...page.items.map(({ sequence }) => sequence));
        after = page.next_after;
        // SQLite answers without a turn of the event loop, and the writers' timers need one.
        await new Promise(setImmediate);
      }
    })();
    const currencies = ['AAA', 'BBB', 'CCC', 'DDD'];
    await Promise.all(
      currencies.map(async (currency, index) => {
        for (let round = 1; round <= rounds; round++) {
          const writer = at(others[index % others.length] ?? 1);
          await writer.transaction((transaction) => write(transaction, currency, round, index));
          await writer
            .transaction(async (transaction) => {
              await write(transaction, currency, round + 1, 0);
              throw new Error('on purpose');
            })
            .catch((error: Error) => expect(error.message).toBe('on purpose'));
        }
      }),
    );
    writing = false;
    await reading;
    expect(seen).toEqual(Array.from({ length: currencies.length * rounds * 2 }, (_, index) => index + 1));
  });

  it('gives every recording a time of its own, later than the one before whatever the clock says', async () => {
    const clocks = ['2026-04-08T12:00:00.000Z', '2026-04-08T12:00:00.000Z', '2026-04-01T00:00:00.000Z'];
    const times: string[] = [];
    for (const [index, clock] of clocks.entries()) {
      const { recordedAt } = await at(0).transaction((transaction) =>
        takePlaces(transaction, index + 1, new Date(clock)),
      );
      times.push(recordedAt);
    }
    expect(times).toEqual(['2026-04-08T12:00:00.000Z', '2026-04-08T12:00:00.001Z', '2026-04-08T12:00:00.002Z']);
    expect(await knownAt(at(0).query, times[1])).toEqual({ sequence: 3, recordedAt: times[1] });
    expect(await knownAt(at(0).query, '2026-04-08T11:00:00.000Z')).toMatchObject({ sequence: 0 });
    expect(await knownAt(at(0).query)).toEqual({ sequence: 6, recordedAt: times[2] });
  });

  it('records the same answer once, however many record it at the same time', async () => {
    const answer = Array.from({ length: 300 }, (_, index) => ({
      currency: ['USD', 'GBP', 'JPY'][index % 3] ?? 'USD',
      date: new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 3))).toISOString().slice(0, 10),
      rate: `1.${index}`,
    }));
    const recorded = await Promise.all(
      writers.map(({ transaction }, index) =>
        recordRates({ id: `job-${index}`, transaction }, answer, { provider: 'test', clock: now }),
      ),
    );
    const counts = recorded.map(({ counts }) => counts);
    expect(counts.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(300);
    expect(counts.every(({ revised }) => revised === 0)).toBe(true);
    const { items, last } = await changesAfter(at(0).query, { after: 0, limit: 1000, entity: 'rate' });
    expect([items.length, last]).toEqual([300, 300]);
  });
});

const failed = (): never => {
  throw new Error('there is no such writer');
};
