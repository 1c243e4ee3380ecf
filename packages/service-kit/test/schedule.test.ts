import { type Database, openDatabase } from '@vindima/database';
import { databases, type TestDatabase } from '@vindima/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JobTables, jobMigrations } from '../src/jobs/table.ts';
import { createLogger } from '../src/logger.ts';
import { createSchedule } from '../src/schedule.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

describe.each(await databases())('a schedule on $dialect', ({ create }) => {
  let place: TestDatabase;
  let database: Database<JobTables>;
  beforeEach(async () => {
    place = await create();
    database = await openDatabase<JobTables>({ url: place.url, service: 'test', migrations: jobMigrations });
  });
  afterEach(async () => {
    await database.close();
    await place.drop();
  });

  /** A start at a time. @returns what was made good */
  const startAt = async (time: string, pattern = '30 15 * * 1-5', catchUp = true) => {
    const planned: string[] = [];
    const schedule = createSchedule({ logger, clock: () => new Date(time), database });
    schedule.cron('TEST_SCHEDULE', pattern, async (at) => void planned.push(at.toISOString()), { catchUp });
    await schedule.start();
    schedule.stop();
    return planned;
  };

  it('makes the last missed time good at the next start, once', async () => {
    expect(await startAt('2026-04-07T16:00:00.000Z')).toEqual([]);
    expect(await startAt('2026-04-08T15:29:00.000Z')).toEqual([]);
    expect(await startAt('2026-04-11T12:00:00.000Z')).toEqual(['2026-04-10T15:30:00.000Z']);
    expect(await startAt('2026-04-11T12:00:01.000Z')).toEqual([]);
  });

  it.each([
    ['* * * * *', '2026-04-11T12:00:00.000Z'],
    ['0 3 1 * *', '2026-04-01T03:00:00.000Z'],
  ])('finds it whatever the pattern: %s', async (pattern, expected) => {
    await startAt('2026-03-07T16:00:00.000Z', pattern);
    expect(await startAt('2026-04-11T12:00:30.000Z', pattern)).toEqual([expected]);
  });

  it('does not where it shall not', async () => {
    await startAt('2026-04-07T16:00:00.000Z');
    expect(await startAt('2026-04-11T12:00:00.000Z', '30 15 * * 1-5', false)).toEqual([]);
  });
});
