import type { MissingRate, RateItem, RatesPage, RatesQuery } from '@vindima/contracts';
import { addDays, dateOf } from '../calendar/dates.ts';
import type { PricingContext } from '../context.ts';
import { lastRateDate } from '../db/rates.ts';
import { type KnownAt, knownAt } from '../db/recordings.ts';
import { fixedRate } from '../rates/currencies.ts';
import {
  future,
  noRate,
  type PublishedRates,
  type ResolvedRate,
  resolutionOf,
  resolveRate,
} from '../rates/resolve-rate.ts';
import { type Position, readCursor, writeCursor } from './cursor.ts';
import { momentOf, periodOf } from './period.ts';
import {
  explainMissingRate,
  missingOf,
  missingRates,
  publishedRates,
  requireCoverage,
  requireLatest,
  requireNoHole,
} from './published-rates.ts';

type Needs = Pick<PricingContext, 'database' | 'sources' | 'clock'>;

/**
 * Finds rates: of a day, carried forward where none was published; or every published one of a period.
 *
 * @throws ServiceError as `findPrices`
 */
export const findRates = async (context: Needs, query: RatesQuery, limit: number): Promise<RatesPage> => {
  const { date, from, to, as_of } = query;
  const base = (query.base ?? 'EUR').toUpperCase();
  const quotes = query.quotes === undefined ? undefined : [...new Set(query.quotes.toUpperCase().split(','))];
  const question = [base, quotes, date, from, to, as_of];
  const position =
    query.cursor === undefined
      ? { ...periodOf(query, context.clock()), known: await knownAt(context.database.query, as_of), offset: 0 }
      : readCursor(query.cursor, question);
  const isPeriod = from !== undefined || to !== undefined;
  const now = momentOf(as_of, context.clock());
  const wanted = { ...position, base, quotes, now };
  const { items, missing } = await (isPeriod ? ofPeriod : ofDay)(context, wanted, limit);
  const page = items.slice(0, limit);
  const next = items[limit];
  return {
    items: page,
    missing,
    next_cursor: next === undefined ? null : writeCursor(behind(position, page, next, isPeriod), question),
    as_of: position.known.recordedAt,
  };
};

/** Where the page begins that begins with `next`: of a period on its day, so that the days before are not read again. */
const behind = (position: Position, page: readonly RateItem[], next: RateItem, isPeriod: boolean): Position => {
  if (!isPeriod || next.rate_date === position.from) return { ...position, offset: position.offset + page.length };
  const { rate_date: from } = next;
  return { ...position, from, offset: page.filter(({ rate_date }) => rate_date === from).length };
};

interface Wanted {
  readonly from: string;
  readonly to: string;
  readonly base: string;
  readonly quotes: readonly string[] | undefined;
  readonly known: KnownAt;
  readonly offset: number;
  readonly now: Date;
}

interface Found {
  readonly items: RateItem[];
  readonly missing: MissingRate[];
}

const ofDay = async (context: Needs, wanted: Wanted, limit: number): Promise<Found> => {
  const { to: date, base, quotes, known, offset, now } = wanted;
  if (date > dateOf(context.clock())) throw future(date);
  const { sequence } = known;
  const currencies = quotes && [base, ...quotes];
  const published = await publishedRates(context, { from: date, to: date, currencies, sequence });
  const rates: ResolvedRate[] = [];
  const missing: MissingRate[] = [];
  for (const quote of quotes ?? currenciesOf(published, base)) {
    const rate = resolveRate(published, { base, quote, date, now });
    if (rate !== undefined) rates.push(rate);
    else if (quotes !== undefined) {
      const [error] = await missingRates(context, [base, quote], { date, sequence, now });
      // A list without any rate is an error, and so is a base without one.
      if (quotes.length === 1 || error.details.currency === base) throw error;
      missing.push(missingOf(quote, error));
    }
  }
  if (rates.length === 0) {
    await explainMissingRate(context, [base, ...(quotes ?? []).slice(0, 1)], { date, sequence, now });
  }
  await requireLatest(context, rates);
  return {
    items: rates.slice(offset, offset + limit + 1).map((rate) => toItem(rate, context.sources.provider)),
    missing,
  };
};

const ofPeriod = async (context: Needs, wanted: Wanted, limit: number): Promise<Found> => {
  const { from, base, quotes, known, offset, now } = wanted;
  const { sequence } = known;
  const today = dateOf(context.clock());
  if (from > today) throw future(from);
  const to = wanted.to < today ? wanted.to : today;
  await requireCoverage(context, from);
  const items: RateItem[] = [];
  let [skip, days] = [offset, 0];
  // Year by year, as all currencies since 1999 are too many to hold for one page.
  for (let start = from; start <= to && items.length <= limit; start = addDays(start, 366)) {
    const end = addDays(start, 365) < to ? addDays(start, 365) : to;
    const currencies = quotes && [base, ...quotes];
    const published = await publishedRates(context, { from: start, to: end, currencies, sequence });
    await requireNoHole(context, published, { from: start, to: end, now, sequence });
    for (const date of [...published.keys()].filter((day) => day >= start).sort()) {
      days += 1;
      for (const quote of quotes ?? currenciesOf(new Map([[date, published.get(date) ?? new Map()]]), base)) {
        const rate = resolveRate(published, { base, quote, date, now });
        if (rate === undefined) continue;
        if (skip > 0) skip -= 1;
        else if (items.length <= limit) items.push(toItem(rate, context.sources.provider));
      }
    }
  }
  // A weekend has the rates of Friday.
  if (days === 0) return ofDay(context, { ...wanted, to }, limit);
  return { items, missing: await missingInPeriod(context, { ...wanted, to }) };
};

/** The currencies that were asked for and have no rate in all of the period. */
const missingInPeriod = async (context: Needs, { from, to, base, quotes = [], known }: Wanted) => {
  const { provider } = context.sources;
  const missing: MissingRate[] = [];
  for (const currency of new Set([base, ...quotes])) {
    if (currency === 'EUR' || fixedRate(currency, to) !== undefined) continue;
    const last = await lastRateDate(context.database.query, {
      provider,
      currency,
      date: to,
      sequence: known.sequence,
    });
    if (last === undefined || last < from) missing.push(missingOf(currency, noRate(currency, to, last)));
  }
  return missing;
};

const currenciesOf = (published: PublishedRates, base: string) => {
  const currencies = new Set([...published.values()].flatMap((day) => [...day.keys()]));
  if (base !== 'EUR') currencies.add('EUR').delete(base);
  return [...currencies].sort();
};

const toItem = (rate: ResolvedRate, provider: string): RateItem => ({
  base: rate.base,
  quote: rate.quote,
  ...resolutionOf(rate),
  provider,
});
