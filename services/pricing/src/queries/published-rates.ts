import { ServiceError } from '@vindima/contracts';
import { addDays, dateOf } from '../calendar.ts';
import type { PricingContext } from '../context.ts';
import { readCoverage } from '../db/coverage.ts';
import { lastRateDate, ratesBetween } from '../db/rates.ts';
import { maximumAgeDays, noCommonDay, noRate, type ResolvedRate } from '../rates/resolve-rate.ts';

/** The first day on which anybody could publish a rate of the euro. */
export const firstDay = '1999-01-04';

type Needs = Pick<PricingContext, 'database' | 'sources'>;

export interface RatesAsked {
  readonly from: string;
  readonly to: string;
  readonly currencies: readonly string[] | undefined;
  /** As far as this place of the feed. */
  readonly sequence: number;
}

/** Reads the rates of a period, and those before it that may be carried forward. */
export const publishedRates = ({ database, sources }: Needs, { from, to, currencies, sequence }: RatesAsked) =>
  ratesBetween(database.query, {
    provider: sources.provider,
    from: addDays(from, -maximumAgeDays),
    to,
    ...(currencies && { currencies: currencies.filter((currency) => currency !== 'EUR') }),
    knownAt: sequence,
  });

/**
 * @returns 503 `pricing.rates_not_loaded` unless every day since one was asked for: else a rate that is not here may have been published
 */
const uncovered = async ({ database, sources }: Needs, since: string): Promise<ServiceError | undefined> => {
  const coverage = await readCoverage(database.query, sources.provider);
  if (coverage === undefined) {
    return notLoaded(
      'No rates are loaded yet. They come with the first run, or with the history that is loaded at the first start.',
    );
  }
  return coverage.from > since && coverage.from > firstDay
    ? notLoaded(`Rates before ${coverage.from} are not loaded (yet).`, coverage.from)
    : undefined;
};

/** Makes sure that a missing rate is missing at the provider and not here. @throws ServiceError 503 `pricing.rates_not_loaded` */
export const requireCoverage = async (context: Needs, since: string): Promise<void> => {
  const error = await uncovered(context, since);
  if (error !== undefined) throw error;
};

/**
 * @returns 503 `pricing.rates_not_loaded` unless rates are the last ones published before their days: while years are loaded, the older
 * ones are there first
 */
export const outdated = async (context: Needs, rates: readonly ResolvedRate[]): Promise<ServiceError | undefined> => {
  const [oldest] = rates
    .filter(({ legs }) => legs.length > 0)
    .map(({ rateDate }) => rateDate)
    .sort();
  return oldest === undefined ? undefined : uncovered(context, oldest);
};

/** Makes sure that rates are the last ones published before their days. @throws ServiceError 503 `pricing.rates_not_loaded` */
export const requireLatest = async (context: Needs, rates: readonly ResolvedRate[]): Promise<void> => {
  const error = await outdated(context, rates);
  if (error !== undefined) throw error;
};

const notLoaded = (message: string, from: string | null = null) =>
  new ServiceError(503, 'pricing.rates_not_loaded', message, {
    details: { loaded_from: from },
    headers: { 'retry-after': '5' },
  });

/**
 * Says why there is no rate between two currencies on a day, in one error at least: 503 `pricing.rates_not_loaded`, or 404 `pricing.no_rate`
 * for each of them.
 */
export const missingRates = async (
  context: Needs & Pick<PricingContext, 'clock'>,
  pair: readonly string[],
  { date, sequence }: { readonly date: string; readonly sequence: number },
): Promise<[ServiceError, ...ServiceError[]]> => {
  const { database, sources, clock } = context;
  const oldest = addDays(date, -maximumAgeDays);
  const gap = await uncovered(context, oldest);
  if (gap !== undefined) return [gap];
  const { syncedAt = '' } = (await readCoverage(database.query, sources.provider)) ?? {};
  if (syncedAt < oldest && oldest <= dateOf(clock())) {
    return [notLoaded(`Rates after ${syncedAt.slice(0, 10)} are not loaded (yet).`)];
  }
  const foreign = pair.filter((currency) => currency !== 'EUR');
  const errors: ServiceError[] = [];
  for (const currency of foreign.length === 0 ? pair : foreign) {
    const last = await lastRateDate(database.query, { provider: sources.provider, currency, date, sequence });
    if (last === undefined || last < oldest) errors.push(noRate(currency, date, last));
  }
  const [first = noCommonDay(pair, date), ...others] = errors;
  return [first, ...others];
};

/** @throws ServiceError the first of `missingRates`, always */
export const explainMissingRate = async (...question: Parameters<typeof missingRates>): Promise<never> => {
  const [error] = await missingRates(...question);
  throw error;
};
