import { type RateLeg, ServiceError } from '@vindima/contracts';
import { addDays, daysBetween } from '../calendar.ts';
import { crossRate } from '../money/convert.ts';

/** How old a rate may be that stands in for a day without one. Easter and Christmas leave five days; a series that ended, all of them. */
export const maximumAgeDays = 14;

/** Published rates against the euro, by date and then by currency. */
export type PublishedRates = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The rate of one currency in another on a day, and how it came about. */
export interface ResolvedRate {
  readonly base: string;
  readonly quote: string;
  /** Units of `quote` for one of `base`. */
  readonly rate: string;
  /** Units of each for one euro, `1` for the euro itself: what conversions compute with. */
  readonly basePerEuro: string;
  readonly quotePerEuro: string;
  readonly path: string;
  readonly legs: readonly RateLeg[];
  readonly requestedDate: string;
  readonly rateDate: string;
  readonly carriedForward: boolean;
}

/**
 * Finds the rate for a day: of the last day on or before it on which every currency on the way has one, at most 14 days earlier. Both
 * legs of a cross are of that same day, so that rates of different days are never blended.
 *
 * @returns undefined when there is no such day
 */
export const resolveRate = (
  published: PublishedRates,
  base: string,
  quote: string,
  date: string,
): ResolvedRate | undefined => {
  if (base === quote) return ratesOf(base, quote, date, date, new Map([[base, '1']]));
  for (let age = 0; age <= maximumAgeDays; age++) {
    const rateDate = addDays(date, -age);
    const rates = published.get(rateDate);
    const complete = rates && [base, quote].every((currency) => currency === 'EUR' || rates.has(currency));
    if (complete) return ratesOf(base, quote, date, rateDate, rates);
  }
  return undefined;
};

const ratesOf = (
  base: string,
  quote: string,
  requestedDate: string,
  rateDate: string,
  rates: ReadonlyMap<string, string>,
): ResolvedRate => {
  const perEuro = (currency: string) => (currency === 'EUR' ? '1' : (rates.get(currency) ?? ''));
  const through = base === quote ? [base] : base === 'EUR' || quote === 'EUR' ? [base, quote] : [base, 'EUR', quote];
  const legs = through.length === 1 ? [] : through.filter((currency) => currency !== 'EUR');
  return {
    base,
    quote,
    rate: base === quote ? '1' : crossRate(perEuro(base), perEuro(quote)),
    basePerEuro: perEuro(base),
    quotePerEuro: perEuro(quote),
    path: through.join('>'),
    legs: legs.map((currency) => ({ base: 'EUR', quote: currency, rate: perEuro(currency) })),
    requestedDate,
    rateDate,
    carriedForward: rateDate !== requestedDate,
  };
};

/** The error for a currency without a usable rate. @param last the day of the last rate there is on or before that date, if any */
export const noRate = (currency: string, date: string, last: string | undefined) =>
  new ServiceError(
    404,
    'pricing.no_rate',
    last === undefined
      ? `No rate of ${currency} was published on or before ${date}.`
      : `The last rate of ${currency} on or before ${date} is of ${last}, ${daysBetween(last, date)} days older; at most ${maximumAgeDays} are allowed.`,
    { details: { currency, date, last_rate_date: last ?? null, maximum_age_days: maximumAgeDays } },
  );

/** The error for two currencies that have usable rates, but never of one day. */
export const noCommonDay = (pair: readonly string[], date: string) =>
  new ServiceError(
    404,
    'pricing.no_rate',
    `On no day from ${addDays(date, -maximumAgeDays)} to ${date} rates of both ${pair.join(' and ')} were published.`,
    { details: { currencies: pair, date, maximum_age_days: maximumAgeDays } },
  );

/** How an answer tells a rate and where it comes from. */
export const resolutionOf = (rate: ResolvedRate) => ({
  rate: rate.rate,
  rate_path: rate.path,
  rate_legs: [...rate.legs],
  requested_date: rate.requestedDate,
  rate_date: rate.rateDate,
  carried_forward: rate.carriedForward,
});
