import { scheduledRetries } from '@vindima/service-kit';
import { addDays, dateOf } from '../calendar/dates.ts';
import type { PricingContext, PricingKit } from '../context.ts';
import type { HistoryJob, RunJob } from '../jobs.ts';
import { loadMissingHistory } from './load-on-first-use.ts';

/** Days that are read again each night: the ECB corrects rates within days. */
const checkedDays = 60;

/** The daily run, which also loads the history that is missing, and the comparison by night. */
export const scheduleWork = (
  { config, schedule }: PricingKit,
  context: PricingContext,
  jobs: { readonly run: RunJob; readonly history: HistoryJob },
  categories: string[],
): void => {
  const options = { catchUp: config.PRICING_CATCH_UP === 'on' };
  const keyOf = (planned: Date) => ({
    idempotencyKey: `schedule-${planned.toISOString()}`,
    retries: scheduledRetries,
  });
  schedule.cron(
    'PRICING_SCHEDULE',
    config.PRICING_SCHEDULE,
    async (planned) => {
      await jobs.run.start({ categories }, keyOf(planned));
      await loadMissingHistory(context, jobs.history);
    },
    options,
  );
  schedule.cron(
    'PRICING_CHECK_SCHEDULE',
    config.PRICING_CHECK_SCHEDULE,
    (planned) => {
      const isSunday = planned.getUTCDay() === 0;
      const input = isSunday ? { force: true } : { from: addDays(dateOf(planned), -checkedDays), force: true };
      return jobs.history.start(input, keyOf(planned));
    },
    options,
  );
};
