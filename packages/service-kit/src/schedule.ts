import type { Database } from '@vindima/database';
import { Cron } from 'croner';
import { ConfigurationError } from './config/environment.ts';
import type { JobTables } from './jobs/table.ts';
import type { Logger } from './logger.ts';

/** Work at set times. */
export interface Schedule {
  /**
   * @param variable the name of the variable that holds the pattern, for the message when it is wrong
   * @param pattern cron, five or six fields, in UTC; undefined or `off` for never
   * @param run gets the planned time: with replicas each of them calls it, so give the job it starts a key made of that time
   * @param options `catchUp`: whether what was missed while the service was off is made good at the next start, the last one only. Default true
   */
  cron(
    variable: string,
    pattern: string | undefined,
    run: (planned: Date) => Promise<unknown>,
    options?: { readonly catchUp?: boolean },
  ): void;
}

export interface ScheduleOptions {
  readonly logger: Logger;
  readonly clock: () => Date;
  readonly database: Pick<Database<JobTables>, 'query' | 'transaction'>;
}

interface Entry {
  readonly variable: string;
  readonly cron: Cron;
  readonly run: (planned: Date) => Promise<unknown>;
}

/** Keeps in the database until when each of them was done, so that a start knows what was missed. */
export const createSchedule = ({ logger, clock, database }: ScheduleOptions) => {
  const crons: Cron[] = [];
  const caughtUp: Entry[] = [];

  const note = (name: string, planned: Date) =>
    database.transaction(async (transaction) => {
      const planned_at = planned.toISOString();
      const { numUpdatedRows } = await transaction
        .updateTable('schedules')
        .set({ planned_at })
        .where('name', '=', name)
        .where('planned_at', '<=', planned_at)
        .executeTakeFirst();
      const known = await transaction
        .selectFrom('schedules')
        .select('name')
        .where('name', '=', name)
        .executeTakeFirst();
      if (numUpdatedRows === 0n && known === undefined)
        await transaction.insertInto('schedules').values({ name, planned_at }).execute();
    });

  const begin = async ({ variable, run }: Omit<Entry, 'cron'>, planned: Date) => {
    await run(planned);
    await note(variable, planned);
  };
  const failed = (variable: string) => (error: unknown) =>
    logger.error({ err: error, variable }, 'scheduled work failed');

  const catchUp = async ({ variable, cron, run }: Entry) => {
    const now = clock();
    const row = await database.query
      .selectFrom('schedules')
      .select('planned_at')
      .where('name', '=', variable)
      .executeTakeFirst();
    if (row === undefined) return note(variable, now);
    const missed = lastBefore(cron, now);
    if (missed === undefined || missed <= new Date(row.planned_at)) return;
    logger.info({ variable, planned: missed }, 'scheduled work was missed, and is made good');
    await begin({ variable, run }, missed);
  };

  const schedule: Schedule & { start(): Promise<void>; stop(): void } = {
    cron: (variable, pattern, run, options = {}) => {
      if (pattern === undefined || pattern === 'off') return;
      try {
        const cron = new Cron(pattern, { timezone: 'UTC', catch: failed(variable) }, async (self: Cron) => {
          await begin({ variable, run }, self.currentRun() ?? clock());
        });
        crons.push(cron);
        if (options.catchUp ?? true) caughtUp.push({ variable, cron, run });
      } catch (error) {
        throw new ConfigurationError(`${variable}=${pattern}: expected a cron pattern (${(error as Error).message})`);
      }
    },
    start: async () => {
      for (const entry of caughtUp) await catchUp(entry).catch(failed(entry.variable));
    },
    stop: () => {
      for (const cron of crons) cron.stop();
    },
  };
  return schedule;
};

const minute = 60_000;
/** Looked back in turn, so that few times have to be gone through whatever the pattern. */
const lookBacks = [minute, 60 * minute, 1440 * minute, 45_000 * minute, 600_000 * minute];

/** @returns the last planned time on or before an instant; undefined when there is none within a year */
const lastBefore = (cron: Cron, now: Date): Date | undefined => {
  for (const lookBack of lookBacks) {
    let last: Date | undefined;
    for (
      let next = cron.nextRun(new Date(now.getTime() - lookBack));
      next !== null && next <= now;
      next = cron.nextRun(next)
    )
      last = next;
    if (last !== undefined) return last;
  }
  return undefined;
};
