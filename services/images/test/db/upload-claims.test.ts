import { type Database, openDatabase } from '@vindima/database';
import { databases } from '@vindima/test-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imagesMigrations } from '../../src/db/migrations.ts';
import type { ImagesTables } from '../../src/db/tables.ts';
import { createUploadClaims, leaseMs } from '../../src/db/upload-claims.ts';
import { logger } from '../support/platform.ts';

describe.each(await databases())('$dialect: claims on uploads', ({ create }) => {
  let database: Database<ImagesTables>;
  let drop: () => Promise<void>;
  let now = Date.UTC(2026, 0, 1);
  beforeAll(async () => {
    const created = await create();
    drop = created.drop;
    database = await openDatabase<ImagesTables>({
      url: created.url,
      service: 'Pictures',
      migrations: imagesMigrations,
    });
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const replica = () => createUploadClaims(database, () => new Date(now), logger);
  const count = async () => (await database.query.selectFrom('upload_claims').selectAll().execute()).length;

  test('one of many gets the claim, the next one when it is released', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => replica().take('bytes')));
    const held = claims.filter((claim) => claim !== undefined);
    expect(held).toHaveLength(1);
    const other = await replica().take('other bytes');
    expect(other).toBeDefined();
    await other?.end();
    await held[0]?.end();
    const next = await replica().take('bytes');
    expect(next).toBeDefined();
    await next?.end();
    expect(await count()).toBe(0);
  });

  test('many who want the same bytes take turns', async () => {
    let holders = 0;
    const takeTurns = async (claims: ReturnType<typeof replica>) => {
      for (let turns = 0; turns < 10; ) {
        const claim = await claims.take('wanted');
        if (claim === undefined) continue;
        expect(++holders).toBe(1);
        await database.transaction(async (transaction) => {
          holders = 0;
          await claim.release(transaction);
        });
        await claim.end();
        turns++;
      }
    };
    await Promise.all(Array.from({ length: 6 }, () => takeTurns(replica())));
    expect(await count()).toBe(0);
  });

  test('the claim of a killed process is free when its lease has run out, and what it left is removed', async () => {
    const killed = await replica().take('bytes');
    now += leaseMs;
    expect(await replica().take('bytes')).toBeUndefined();
    now += 1;
    const successors = await Promise.all([replica().take('bytes'), replica().take('bytes')]);
    const [successor] = successors.filter((claim) => claim !== undefined);
    expect(successors.filter((claim) => claim !== undefined)).toHaveLength(1);
    // It was not dead after all: what it releases is not the other one's.
    await killed?.end();
    expect(await replica().take('bytes')).toBeUndefined();
    await replica().prune();
    expect(await count()).toBe(1);
    now += leaseMs + 1;
    await replica().prune();
    expect(await count()).toBe(0);
    await successor?.end();
  });
});
