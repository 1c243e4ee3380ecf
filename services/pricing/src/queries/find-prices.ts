import type { MissingRate, PricesQuery } from '@vindima/contracts';
import { dateOf } from '../calendar/dates.ts';
import type { PricingContext } from '../context.ts';
import { lastHeldChange } from '../db/held-rates.ts';
import type { ProductOnDay } from '../db/products.ts';
import { knownAt } from '../db/recordings.ts';
import { byRate } from '../prices/by-rate.ts';
import { inCategories, unknownCategories, unknownCategory } from '../prices/in-category.ts';
import { pricedDays } from '../prices/priced-days.ts';
import type { PricedProducts } from '../prices/write-prices.ts';
import { future } from '../rates/resolve-rate.ts';
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
import { requireProducts } from './require-products.ts';

type Needs = Pick<PricingContext, 'database' | 'sources' | 'catalogues' | 'config' | 'clock'>;

/** A question about prices, with everything that the answer depends on: asked again, it has the same answer for ever. */
export interface PriceQuestion extends Position {
  readonly quotes: readonly string[];
  readonly categories: readonly string[];
  readonly limit: number;
  /** Whether it is about what is known now. */
  readonly present: boolean;
  /** When it is about. */
  readonly now: Date;
  /** Names what is held back now. */
  readonly held: string;
  /** As it was asked, for the cursor. */
  readonly question: readonly unknown[];
}

/**
 * Fixes what a query leaves open: which day today is, and what is known now.
 *
 * @param limit items at most
 * @throws ServiceError 400 `pricing.invalid_cursor`, `pricing.date_and_period`; 422 `pricing.invalid_period`
 */
export const askPrices = async (context: Needs, query: PricesQuery, limit: number): Promise<PriceQuestion> => {
  const { category, currency = 'EUR', date, from, to, as_of } = query;
  const quotes = [...new Set(currency.toUpperCase().split(','))];
  const question = [category, quotes, date, from, to, as_of];
  const position =
    query.cursor === undefined
      ? { ...periodOf(query, context.clock()), known: await knownAt(context.database.query, as_of), offset: 0 }
      : readCursor(query.cursor, question);
  const categories = category === undefined ? [] : [category];
  const now = momentOf(as_of, context.clock());
  return {
    ...position,
    quotes,
    categories,
    limit,
    present: as_of === undefined,
    now,
    held: await lastHeldChange(context.database.query),
    question,
  };
};

/** A page of prices, as the products and the rates that they are made of. */
export interface FoundPrices {
  readonly groups: readonly PricedProducts[];
  readonly missing: readonly MissingRate[];
  readonly next_cursor: string | null;
  readonly as_of: string;
}

/**
 * Finds prices: by day, then by currency as they were asked for, then by product.
 *
 * @throws ServiceError 404 `pricing.no_rate`, `pricing.unknown_category`; 503 `pricing.rates_not_loaded`, `pricing.products_not_loaded`
 */
export const findPrices = async (context: Needs, asked: PriceQuestion): Promise<FoundPrices> => {
  const { from, to, known, offset, limit, question } = asked;
  const { groups, missing, more } = await collect(context, asked);
  await requireLatest(
    context,
    groups.map(({ rate }) => rate),
  );
  return {
    groups,
    missing,
    next_cursor: more ? writeCursor({ from, to, known, offset: offset + limit }, question) : null,
    as_of: known.recordedAt,
  };
};

const collect = async (context: Needs, asked: PriceQuestion) => {
  const { from, quotes, categories, known, offset, limit, now } = asked;
  const { sources, catalogues, config } = context;
  const { sequence } = known;
  const base = config.STORE_CURRENCY;
  const today = dateOf(context.clock());
  if (from > today) throw future(from);
  const to = asked.to < today ? asked.to : today;
  const newest = await catalogues.of(sources.store, to, sequence);
  if (newest.length === 0) {
    if (asked.present) await requireProducts(context);
    return { groups: [], missing: [], more: false };
  }
  for (const category of unknownCategories(newest, categories)) throw unknownCategory(category, newest);
  const bases = new Set([base]);
  for (const { currency } of newest) bases.add(currency);
  const published = await publishedRates(context, { from, to, currencies: [...bases, ...quotes], sequence });
  if (from !== to) {
    await requireCoverage(context, from);
    await requireNoHole(context, published, { from, to, now, sequence });
  }
  const missing: MissingRate[] = [];
  const days: { readonly date: string; readonly quote: string }[] = [];
  for (const quote of quotes) {
    const rates = pricedDays(published, { base, quote, from, to, now });
    if (rates.length === 0) {
      const [error] = await missingRates(context, [base, quote], { date: to, sequence, now });
      // The last one that could have had a rate: then there is none at all.
      if (missing.length === quotes.length - 1 || error.details.currency === base) throw error;
      missing.push(missingOf(quote, error));
    }
    days.push(...rates.map(({ requestedDate }) => ({ date: requestedDate, quote })));
  }
  days.sort((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0));

  const groups: PricedProducts[] = [];
  let [skip, room] = [offset, limit];
  for (const { date, quote } of days) {
    const products = select(await catalogues.of(sources.store, date, sequence), categories);
    const page = products.slice(skip, skip + room);
    for (const { base, rate, products } of byRate(page, { published, quote, date, now })) {
      groups.push({
        products,
        rate: rate ?? (await explainMissingRate(context, [base, quote], { date, sequence, now })),
      });
    }
    room -= page.length;
    if (skip + page.length < products.length) return { groups, missing, more: true };
    skip = Math.max(0, skip - products.length);
  }
  return { groups, missing, more: false };
};

const select = <Product extends ProductOnDay>(products: readonly Product[], categories: readonly string[]) =>
  categories.length === 0 ? products : products.filter((product) => inCategories(product, categories));
