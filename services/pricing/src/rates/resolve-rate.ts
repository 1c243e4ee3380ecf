import { type RateLeg, ServiceError } from '@vindima/contracts';
import { addDays } from '../calendar/dates.ts';
import { firstDay, isDue, lastTargetDay } from '../calendar/target.ts';
import { crossRate } from '../money/convert.ts';
import { currencies, fixedRate, whyWithoutRate } from './currencies.ts';

/** How far before a day its rate may be: the longest time that TARGET is closed, and a day that is not out yet, have room in it. */
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
  /** The rates of the requested day are not out yet. */
  readonly provisional: boolean;
}

/** A day, and when it is asked about: whether its rates must be out depends on it. */
export interface RateAsked {
  readonly base: string;
  readonly quote: string;
  readonly date: string;
  readonly now: Date;
}

/**
 * Finds the day whose rates hold on a date: the date itself if it has any, else the last day of operation of TARGET. One whose rates are not out
 * yet is passed over, provisionally.
 *
 * @returns undefined before the first day of the euro's rates
 */
export const rateDayOf = (published: PublishedRates, date: string, now: Date) => {
  if (published.has(date)) return { day: date, provisional: false };
  let provisional = false;
  for (let day = lastTargetDay(date); day >= firstDay; day = lastTargetDay(addDays(day, -1))) {
    if (published.has(day) || isDue(day, now)) return { day, provisional };
    provisional = true;
  }
  return undefined;
};

/**
 * Finds the rate for a date, of the day whose rates hold on it and of no other: a currency that has none on that day has none on the date. A rate
 * that the law fixed needs no publication.
 *
 * @returns undefined when there is none
 */
export const resolveRate = (
  published: PublishedRates,
  { base, quote, date, now }: RateAsked,
): ResolvedRate | undefined => {
  if (base === quote && !currencies.has(base)) return undefined;
  const onDay = { base, quote, requestedDate: date, rateDate: date, provisional: false };
  const open =
    base === quote ? [] : [base, quote].filter((code) => code !== 'EUR' && fixedRate(code, date) === undefined);
  if (open.length === 0) return ratesOf(onDay, new Map());
  const found = rateDayOf(published, date, now);
  const rates = found && published.get(found.day);
  if (rates === undefined || !open.every((currency) => rates.has(currency))) return undefined;
  return ratesOf({ ...onDay, rateDate: found?.day ?? date, provisional: found?.provisional ?? false }, rates);
};

const ratesOf = (
  found: Pick<ResolvedRate, 'base' | 'quote' | 'requestedDate' | 'rateDate' | 'provisional'>,
  rates: ReadonlyMap<string, string>,
): ResolvedRate => {
  const { base, quote, requestedDate, rateDate } = found;
  if (base === quote) {
    return { ...found, rate: '1', basePerEuro: '1', quotePerEuro: '1', path: base, legs: [], carriedForward: false };
  }
  const legOf = (currency: string): RateLeg => {
    const fixed = fixedRate(currency, requestedDate);
    if (fixed !== undefined) return { base: 'EUR', quote: currency, rate: fixed, fixed: true };
    return { base: 'EUR', quote: currency, rate: rates.get(currency) ?? '' };
  };
  const legs = [base, quote].filter((currency) => currency !== 'EUR').map(legOf);
  const perEuro = (currency: string) => legs.find((leg) => leg.quote === currency)?.rate ?? '1';
  const through = base === 'EUR' || quote === 'EUR' ? [base, quote] : [base, 'EUR', quote];
  return {
    ...found,
    rate: base === 'EUR' ? perEuro(quote) : crossRate(perEuro(base), perEuro(quote)),
    basePerEuro: perEuro(base),
    quotePerEuro: perEuro(quote),
    path: through.join('>'),
    legs,
    carriedForward: rateDate !== requestedDate,
  };
};

/** The error for a currency without a usable rate. @param last the day of the last rate there is on or before that date, if any */
export const noRate = (currency: string, date: string, last: string | undefined) => {
  const because = whyWithoutRate(currency, date);
  const sentence =
    last === undefined
      ? `No rate of ${currency} was published on or before ${date}.`
      : `The last rate of ${currency} on or before ${date} is of ${last}.`;
  const { replaced } = currencies.get(currency) ?? {};
  return new ServiceError(404, 'pricing.no_rate', because === undefined ? sentence : `${sentence} ${because}`, {
    details: {
      currency,
      date,
      last_rate_date: last ?? null,
      ...(replaced && date >= replaced.from && { successor: replaced.successor, ratio: replaced.ratio }),
    },
  });
};

/** The error for a day that nobody can know the rates of. */
export const future = (date: string) =>
  new ServiceError(404, 'pricing.no_rate', `${date} is in the future: its rates are not published yet.`, {
    details: { date },
  });

/** How an answer tells a rate and where it comes from. */
export const resolutionOf = (rate: ResolvedRate) => ({
  rate: rate.rate,
  rate_path: rate.path,
  rate_legs: [...rate.legs],
  requested_date: rate.requestedDate,
  rate_date: rate.rateDate,
  carried_forward: rate.carriedForward,
  provisional: rate.provisional,
  fixed: rate.legs.some(({ fixed }) => fixed === true),
});
