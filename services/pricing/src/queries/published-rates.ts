import { type MissingRate, ServiceError } from '@vindima/contracts';
import { addDays, dateOf } from '../calendar/dates.ts';
import { firstDay, isDue, targetDays } from '../calendar/target.ts';
import type { PricingContext } from '../context.ts';
import { readCoverage } from '../db/coverage.ts';
import { heldBetween } from '../db/held-rates.ts';
import { daysWithRates, lastDayWithRates, lastRateDate, ratesBetween } from '../db/rates.ts';
import { fixedRate } from '../rates/currencies.ts';
import {
  future,
  maximumAgeDays,
  noRate,
  type PublishedRates,
  type ResolvedRate,
  rateDayOf,
} from '../rates/resolve-rate.ts';
import { rateHeld } from '../run/hold-rates.ts';

type Needs = Pick<PricingContext, 'database' | 'sources'>;

export interface RatesAsked {
  readonly from: string;
  readonly to: string;
  readonly currencies: readonly string[] | undefined;
  /** As far as this place of the feed. */
  readonly sequence: number;
}

/** A currency that the ECB has published a rate of on every day: it shows that a day's rates are here. */
const witness = 'USD';

/** Reads the rates of a period, and those before it that may be carried forward; the dollar's too, which show the days that have any. */
export const publishedRates = async (
  { database, sources }: Needs,
  { from, to, currencies, sequence }: RatesAsked,
): Promise<PublishedRates> => {
  const { provider } = sources;
  const since = addDays(from, -maximumAgeDays);
  const published = await ratesBetween(database.query, {
    provider,
    from: since,
    to,
    ...(currencies && { currencies: [...new Set([witness, ...currencies])].filter((code) => code !== 'EUR') }),
    knownAt: sequence,
  });
  // A rate that is held back takes the one before it along: which of them is right is not known.
  for (const { rate_date, currency } of await heldBetween(database.query, provider, since, to)) {
    published.get(rate_date)?.delete(currency);
  }
  return published;
};

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

/** When a question is about, and what was known. */
interface Moment {
  readonly now: Date;
  readonly sequence: number;
}

/**
 * Makes sure that no day of a period whose rates must be out is without any: it would be passed over in silence.
 *
 * @throws ServiceError 503 `pricing.rates_not_loaded`
 */
export const requireNoHole = async (
  context: Needs,
  published: PublishedRates,
  { from, to, now, sequence }: Moment & { readonly from: string; readonly to: string },
): Promise<void> => {
  const lacking = targetDays(from, to).filter((day) => !published.has(day) && isDue(day, now));
  if (lacking.length === 0) return;
  const there = await daysWithRates(context.database.query, context.sources.provider, lacking, sequence);
  const hole = lacking.find((day) => !there.has(day));
  if (hole !== undefined) throw notLoaded(`The rates of ${hole} are not loaded (yet).`);
};

/**
 * Says why there is no rate between two currencies on a day, in one error at least: 503 `pricing.rates_not_loaded`, or 404 `pricing.no_rate`
 * for each of them.
 */
export const missingRates = async (
  context: Needs & Pick<PricingContext, 'clock'>,
  pair: readonly string[],
  { date, sequence, now }: Moment & { readonly date: string },
): Promise<[ServiceError, ...ServiceError[]]> => {
  const { database, sources, clock } = context;
  const { provider } = sources;
  if (date > dateOf(clock())) return [future(date)];
  const gap = await uncovered(context, addDays(date, -maximumAgeDays));
  if (gap !== undefined) return [gap];
  const recent = await publishedRates(context, { from: date, to: date, currencies: undefined, sequence });
  const found = rateDayOf(recent, date, now);
  if (found !== undefined && !recent.has(found.day)) {
    const last = await lastDayWithRates(database.query, provider, date);
    return [notLoaded(`Rates after ${last ?? addDays(date, -maximumAgeDays)} are not loaded (yet).`)];
  }
  const errors: ServiceError[] = [];
  const held = found === undefined ? [] : await heldBetween(database.query, provider, found.day, found.day);
  for (const currency of pair) {
    const row = held.find((rate) => rate.currency === currency);
    if (row !== undefined) {
      errors.push(rateHeld(row));
      continue;
    }
    if (currency === 'EUR' || fixedRate(currency, date) !== undefined) continue;
    if (found !== undefined && recent.get(found.day)?.has(currency)) continue;
    errors.push(noRate(currency, date, await lastRateDate(database.query, { provider, currency, date, sequence })));
  }
  const [first = noRate(pair.at(-1) ?? 'EUR', date, undefined), ...others] = errors;
  return [first, ...others];
};

/** @throws ServiceError the first of `missingRates`, always */
export const explainMissingRate = async (...question: Parameters<typeof missingRates>): Promise<never> => {
  const [error] = await missingRates(...question);
  throw error;
};

/** Why a currency has no rate, for the answer that has the others'. @throws ServiceError 503 when that is not for the currency to answer */
export const missingOf = (currency: string, error: ServiceError): MissingRate => {
  if (error.code === 'pricing.rates_not_loaded') throw error;
  return { currency, code: error.code, error: error.message, details: error.details };
};
