import type { DatasetsContext } from '../work/tools.ts';
import { sweepTables } from './sweep-tables.ts';

/** Work that has stored its file commits the row within this time, however slow the database is. */
const commitMs = 60 * 60_000;

/** Removes, at the start and every hour, the files that crashes have left. */
export const scheduleSweeps = (context: DatasetsContext): void => {
  const { clock, config, database, logger, objects, onStart, onStop, schedule, signal } = context;
  // A job may store several tables and tell of all of them at its end.
  const graceMs = config.DATASETS_JOB_TIMEOUT + commitMs;
  let running: Promise<void> = Promise.resolve();

  const sweep = async (): Promise<void> => {
    const files = await sweepTables(database.query, objects, { now: clock(), graceMs, signal });
    if (files > 0) logger.info({ files }, 'removed files of tables that crashes had left');
  };
  const begin = (): void => {
    running = running.then(sweep).catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ err: error }, 'the sweep did not finish; the next one goes on');
    });
  };
  onStart(begin);
  schedule.cron('the sweep of files without a table', '45 * * * *', async () => begin());
  onStop(() => running);
};
