import { ServiceError } from '@vindima/contracts';
import { addDays } from '../calendar.ts';
import type { PricingContext } from '../context.ts';
import { readCoverage } from '../db/coverage.ts';
import { lastRateDate, ratesBetween } from '../db/rates.ts';
import { maximumAgeDays, noRate, type PublishedRates } from '../rates/resolve-rate.ts';

/** The first day on which anybody could publish a rate of the euro. */
const firstDay = '1999-01-04';

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
 * Makes sure that missing rates are missing at the provider and not here.
 *
 * @throws ServiceError 503 `pricing.rates_not_loaded` when days of the period were never asked for
 */
export const requireCoverage = async ({ database, sources }: Needs, from: string): Promise<void> => {
  const coverage = await readCoverage(database.query, sources.provider);
  if (coverage !== undefined && (coverage.from <= from || coverage.from <= firstDay)) return;
  const message =
    coverage === undefined
      ? 'No rates are loaded yet. They come with the first run, or with the history that is loaded at the first start.'
      : `Rates before ${coverage.from} are not loaded (yet).`;
  throw new ServiceError(503, 'pricing.rates_not_loaded', message, {
    details: { loaded_from: coverage?.from ?? null },
    headers: { 'retry-after': '5' },
  });
};

/**
 * Says why there is no rate between two currencies on a day.
 *
 * @throws ServiceError 503 `pricing.rates_not_loaded`; 404 `pricing.no_rate`, always one of the two
 */
export const explainMissingRate = async (
  context: Needs,
  pair: readonly string[],
  published: PublishedRates,
  { date, sequence }: { date: string; sequence: number },
): Promise<never> => {
  await requireCoverage(context, addDays(date, -maximumAgeDays));
  const { provider } = context.sources;
  const missing =
    pair.find((currency) => currency !== 'EUR' && ![...published.values()].some((day) => day.has(currency))) ??
    pair.find((currency) => currency !== 'EUR') ??
    'EUR';
  const last = await lastRateDate(context.database.query, { provider, currency: missing, date, sequence });
  throw noRate(missing, date, last);
};
