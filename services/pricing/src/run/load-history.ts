import type { RateCounts } from '@vindima/contracts';
import type { JobContext } from '@vindima/service-kit';
import { addDays, dateOf, daysBetween } from '../calendar.ts';
import type { PricingContext } from '../context.ts';
import { readCoverage } from '../db/coverage.ts';
import type { Tables } from '../db/tables.ts';
import { isSdmxQuery } from '../ecb/rates-url.ts';
import { firstDay } from '../queries/published-rates.ts';
import { addCounts } from './record-rates.ts';
import { cover, fetchAndRecord, syncRates } from './sync-rates.ts';

const windowDays = 5 * 366;

/**
 * Loads the provider's rates back to a day, newest first, five years at a time: answers about the present work within seconds, and
 * after a crash it goes on with the years that are missing.
 */
export const loadHistory =
  (context: PricingContext) =>
  async (job: JobContext<{ from: string }, Tables>): Promise<RateCounts> => {
    const { sources, database, clock } = context;
    const today = dateOf(clock());
    const from = job.input.from < firstDay ? firstDay : job.input.from;
    const inWindows = isSdmxQuery(new URL(sources.currencyUrl));
    const recent = addDays(today, -windowDays);
    job.progress(0, 'Asking for the rates of the last years');
    let counts = await syncRates(context, job, recent > from ? recent : from);
    for (;;) {
      job.signal.throwIfAborted();
      const coverage = await readCoverage(database.query, sources.provider);
      if (!inWindows || coverage === undefined || coverage.from <= from) break;
      job.progress(
        daysBetween(coverage.from, today) / daysBetween(from, today),
        `Rates since ${coverage.from} are loaded`,
      );
      const start = addDays(coverage.from, -windowDays);
      const window = { from: start > from ? start : from, to: addDays(coverage.from, -1) };
      counts = addCounts(counts, await fetchAndRecord(context, job, window));
      await cover(job.transaction, sources.provider, { from: window.from, syncedAt: coverage.syncedAt });
    }
    return counts;
  };
