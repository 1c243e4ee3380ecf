import { Cron } from 'croner';
import { ConfigurationError } from './config/environment.ts';
import type { Logger } from './logger.ts';

/** Work at set times. */
export interface Schedule {
  /**
   * @param variable the name of the variable that holds the pattern, for the message when it is wrong
   * @param pattern cron, five or six fields, in UTC; undefined or `off` for never
   * @param run gets the planned time: with replicas each of them calls it, so give the job it starts a key made of that time
   */
  cron(variable: string, pattern: string | undefined, run: (planned: Date) => Promise<unknown>): void;
}

export const createSchedule = (logger: Logger): Schedule & { stop(): void } => {
  const crons: Cron[] = [];
  return {
    cron: (variable, pattern, run) => {
      if (pattern === undefined || pattern === 'off') return;
      const failed = (error: unknown) => logger.error({ err: error, variable }, 'scheduled work failed');
      try {
        crons.push(
          new Cron(pattern, { timezone: 'UTC', catch: failed }, async (cron: Cron) => {
            await run(cron.currentRun() ?? new Date());
          }),
        );
      } catch (error) {
        throw new ConfigurationError(`${variable}=${pattern}: expected a cron pattern (${(error as Error).message})`);
      }
    },
    stop: () => {
      for (const cron of crons) cron.stop();
    },
  };
};
