import type { RateItem, RatesPage, RatesQuery } from '@vindima/contracts';
import { addDays } from '../calendar.ts';
import type { PricingContext } from '../context.ts';
import { type KnownAt, knownAt } from '../db/recordings.ts';
import { type PublishedRates, type ResolvedRate, resolutionOf, resolveRate } from '../rates/resolve-rate.ts';
import { type Position, readCursor, writeCursor } from './cursor.ts';
import { periodOf } from './period.ts';
import { explainMissingRate, publishedRates, requireCoverage, requireLatest } from './published-rates.ts';

type Needs = Pick<PricingContext, 'database' | 'sources' | 'clock'>;

/**
 * Finds rates: of a day, carried forward where none was published; or every published one of a period.
 *
 * @throws ServiceError as `findPrices`
 */
export const findRates = async (context: Needs, query: RatesQuery, limit: number): Promise<RatesPage> => {
  const { base = 'EUR', date, from, to, as_of } = query;
  const quotes = query.quotes === undefined ? undefined : [...new Set(query.quotes.split(','))];
  const question = [base, quotes, date, from, to, as_of];
  const position =
    query.cursor === undefined
      ? { ...periodOf(query, context.clock()), known: await knownAt(context.database.query, as_of), offset: 0 }
      : readCursor(query.cursor, question);
  const isPeriod = from !== undefined || to !== undefined;
  const items = await (isPeriod ? ofPeriod : ofDay)(context, { ...position, base, quotes }, limit);
  const page = items.slice(0, limit);
  const next = items[limit];
  return {
    items: page,
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
}

const ofDay = async (context: Needs, { to: date, base, quotes, known, offset }: Wanted, limit: number) => {
  const { sequence } = known;
  const published = await publishedRates(context, {
    from: date,
    to: date,
    currencies: quotes && [base, ...quotes],
    sequence,
  });
  const rates: ResolvedRate[] = [];
  for (const quote of quotes ?? currenciesOf(published, base)) {
    const rate = resolveRate(published, base, quote, date);
    if (rate !== undefined) rates.push(rate);
    else if (quotes !== undefined) await explainMissingRate(context, [base, quote], { date, sequence });
  }
  if (rates.length === 0) await explainMissingRate(context, [base], { date, sequence });
  await requireLatest(context, rates);
  return rates.slice(offset, offset + limit + 1).map((rate) => toItem(rate, context.sources.provider));
};

const ofPeriod = async (context: Needs, { from, to, base, quotes, known, offset }: Wanted, limit: number) => {
  await requireCoverage(context, from);
  const items: RateItem[] = [];
  let skip = offset;
  // Year by year, as all currencies since 1999 are too many to hold for one page.
  for (let start = from; start <= to && items.length <= limit; start = addDays(start, 366)) {
    const end = addDays(start, 365) < to ? addDays(start, 365) : to;
    const currencies = quotes && [base, ...quotes];
    const published = await publishedRates(context, { from: start, to: end, currencies, sequence: known.sequence });
    for (const date of [...published.keys()].filter((day) => day >= start).sort()) {
      for (const quote of quotes ?? currenciesOf(new Map([[date, published.get(date) ?? new Map()]]), base)) {
        const rate = resolveRate(published, base, quote, date);
        if (rate === undefined || rate.carriedForward) continue;
        if (skip > 0) skip -= 1;
        else if (items.length <= limit) items.push(toItem(rate, context.sources.provider));
      }
    }
  }
  return items;
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
