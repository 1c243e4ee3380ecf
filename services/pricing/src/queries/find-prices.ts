import type { PricesQuery } from '@vindima/contracts';
import type { PricingContext } from '../context.ts';
import type { ProductOnDay } from '../db/products.ts';
import { knownAt } from '../db/recordings.ts';
import { byRate } from '../prices/by-rate.ts';
import { inCategories, unknownCategories, unknownCategory } from '../prices/in-category.ts';
import { pricedDays } from '../prices/priced-days.ts';
import type { PricedProducts } from '../prices/write-prices.ts';
import { type Position, readCursor, writeCursor } from './cursor.ts';
import { periodOf } from './period.ts';
import { explainMissingRate, publishedRates, requireCoverage, requireLatest } from './published-rates.ts';
import { requireProducts } from './require-products.ts';

type Needs = Pick<PricingContext, 'database' | 'sources' | 'catalogues' | 'config' | 'clock'>;

/** A question about prices, with everything that the answer depends on: asked again, it has the same answer for ever. */
export interface PriceQuestion extends Position {
  readonly quotes: readonly string[];
  readonly categories: readonly string[];
  readonly limit: number;
  /** Whether it is about what is known now. */
  readonly present: boolean;
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
  return { ...position, quotes, categories, limit, present: as_of === undefined, question };
};

/** A page of prices, as the products and the rates that they are made of. */
export interface FoundPrices {
  readonly groups: readonly PricedProducts[];
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
  const { groups, more } = await collect(context, asked);
  await requireLatest(
    context,
    groups.map(({ rate }) => rate),
  );
  return {
    groups,
    next_cursor: more ? writeCursor({ from, to, known, offset: offset + limit }, question) : null,
    as_of: known.recordedAt,
  };
};

const collect = async (context: Needs, asked: PriceQuestion) => {
  const { from, to, quotes, categories, known, offset, limit } = asked;
  const { sources, catalogues, config } = context;
  const { sequence } = known;
  const newest = await catalogues.of(sources.store, to, sequence);
  if (newest.length === 0) {
    if (asked.present) await requireProducts(context);
    return { groups: [], more: false };
  }
  for (const category of unknownCategories(newest, categories)) throw unknownCategory(category, newest);
  const bases = new Set([config.STORE_CURRENCY]);
  for (const { currency } of newest) bases.add(currency);
  const published = await publishedRates(context, { from, to, currencies: [...bases, ...quotes], sequence });
  if (from !== to) await requireCoverage(context, from);
  const days: { readonly date: string; readonly quote: string }[] = [];
  for (const quote of quotes) {
    const rates = pricedDays(published, { base: config.STORE_CURRENCY, quote, from, to });
    if (rates.length === 0) await explainMissingRate(context, [config.STORE_CURRENCY, quote], { date: to, sequence });
    days.push(...rates.map(({ requestedDate }) => ({ date: requestedDate, quote })));
  }
  days.sort((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0));

  const groups: PricedProducts[] = [];
  let [skip, room] = [offset, limit];
  for (const { date, quote } of days) {
    const products = select(await catalogues.of(sources.store, date, sequence), categories);
    const page = products.slice(skip, skip + room);
    for (const { base, rate, products } of byRate(page, { published, quote, date })) {
      groups.push({
        products,
        rate: rate ?? (await explainMissingRate(context, [base, quote], { date, sequence })),
      });
    }
    room -= page.length;
    if (skip + page.length < products.length) return { groups, more: true };
    skip = Math.max(0, skip - products.length);
  }
  return { groups, more: false };
};

const select = <Product extends ProductOnDay>(products: readonly Product[], categories: readonly string[]) =>
  categories.length === 0 ? products : products.filter((product) => inCategories(product, categories));
