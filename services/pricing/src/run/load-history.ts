import type { PricingHistoryInput, PricingProblem, RateCounts } from '@vindima/contracts';
import type { JobContext } from '@vindima/service-kit';
import { addDays, dateOf, daysBetween } from '../calendar/dates.ts';
import { firstDay } from '../calendar/target.ts';
import type { PricingContext } from '../context.ts';
import { readCoverage } from '../db/coverage.ts';
import type { Tables } from '../db/tables.ts';
import { isSdmxQuery } from '../ecb/rates-url.ts';
import { checkRates } from './check-rates.ts';
import { add } from './record-rates.ts';
import { cover, fetchAndRecord, syncRates } from './sync-rates.ts';

const windowDays = 5 * 366;

/** What a load of the history comes to. */
export type HistoryResult = RateCounts & { readonly problems: readonly PricingProblem[] };
type Job = JobContext<PricingHistoryInput, Tables>;

/**
 * Loads the provider's rates back to a day, newest first, five years at a time: answers about the present work within seconds, and
 * after a crash it goes on with the years that are missing. By force it reads what is known already too, and compares.
 */
export const loadHistory =
  (context: PricingContext) =>
  async (job: Job): Promise<HistoryResult> => {
    const { sources, config } = context;
    const { from = config.PRICING_HISTORY_FROM, force = false } = job.input;
    const first = from === 'off' || from < firstDay ? firstDay : from;
    const inWindows = isSdmxQuery(new URL(sources.currencyUrl));
    const work = force && inWindows ? checkRates : inWindows ? loadWindows : syncRates;
    const { counts, problems } = await work(context, job, first);
    return { ...counts, problems };
  };

const loadWindows = async (context: PricingContext, job: Job, from: string) => {
  const { sources, database, clock } = context;
  const today = dateOf(clock());
  const recent = addDays(today, -windowDays);
  job.progress(0, 'Asking for the rates of the last years');
  let all = await syncRates(context, job, recent > from ? recent : from);
  for (;;) {
    job.signal.throwIfAborted();
    const coverage = await readCoverage(database.query, sources.provider);
    if (coverage === undefined || coverage.from <= from) return all;
    job.progress(
      daysBetween(coverage.from, today) / daysBetween(from, today),
      `Rates since ${coverage.from} are loaded`,
    );
    const start = addDays(coverage.from, -windowDays);
    const window = { from: start > from ? start : from, to: addDays(coverage.from, -1) };
    all = add(all, await fetchAndRecord(context, job, window));
    await cover(job.transaction, sources.provider, { from: window.from, syncedAt: coverage.syncedAt });
  }
};
