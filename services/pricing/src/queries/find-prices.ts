import type { PriceItem, PricesPage, PricesQuery } from '@vindima/contracts';
import type { PricingContext } from '../context.ts';
import type { ProductOnDay } from '../db/products.ts';
import { knownAt } from '../db/recordings.ts';
import { inCategories, unknownCategories, unknownCategory } from '../prices/in-category.ts';
import { createPricer } from '../prices/price-item.ts';
import { pricedDays } from '../prices/priced-days.ts';
import { type Position, readCursor, writeCursor } from './cursor.ts';
import { periodOf } from './period.ts';
import { explainMissingRate, publishedRates, requireCoverage } from './published-rates.ts';
import { requireProducts } from './require-products.ts';

type Needs = Pick<PricingContext, 'database' | 'sources' | 'catalogues' | 'config' | 'clock'>;

/** A question about prices, with everything that the answer depends on: asked again, it has the same answer for ever. */
export interface PriceQuestion extends Position {
  readonly quotes: readonly string[];
  readonly categories: readonly string[];
  readonly limit: number;
  /** As it was asked, for the cursor. */
  readonly question: readonly unknown[];
}

/**
 * Fixes what a query leaves open: which day today is, and what is known now.
 *
 * @param limit items at most
 * @throws ServiceError 400 `pricing.invalid_cursor`, `pricing.date_and_period`; 422 `pricing.invalid_period`;
 * 503 `pricing.products_not_loaded`
 */
export const askPrices = async (context: Needs, query: PricesQuery, limit: number): Promise<PriceQuestion> => {
  const { category, currency = 'EUR', date, from, to, as_of } = query;
  const quotes = [...new Set(currency.toUpperCase().split(','))];
  const question = [category, quotes, date, from, to, as_of];
  const position =
    query.cursor === undefined
      ? { ...periodOf(query, context.clock()), known: await knownAt(context.database.query, as_of), offset: 0 }
      : readCursor(query.cursor, question);
  if (as_of === undefined) await requireProducts(context);
  return { ...position, quotes, categories: category === undefined ? [] : [category], limit, question };
};

/**
 * Finds prices: by day, then by currency as they were asked for, then by product.
 *
 * @throws ServiceError 404 `pricing.no_rate`, `pricing.unknown_category`; 503 `pricing.rates_not_loaded`
 */
export const findPrices = async (context: Needs, asked: PriceQuestion): Promise<PricesPage> => {
  const { from, to, known, offset, question } = asked;
  const { items, more } = await collect(context, asked);
  return {
    items,
    next_cursor: more ? writeCursor({ from, to, known, offset: offset + items.length }, question) : null,
    as_of: known.recordedAt,
  };
};

const collect = async (context: Needs, { from, to, quotes, categories, known, offset, limit }: PriceQuestion) => {
  const { sources, catalogues, config } = context;
  const { sequence } = known;
  const present = await catalogues.of(sources.store, to, sequence);
  if (present.length === 0) return { items: [], more: false };
  for (const category of unknownCategories(present, categories)) throw unknownCategory(category, present);
  const bases = new Set([config.STORE_CURRENCY, ...present.map((product) => product.currency)]);
  const published = await publishedRates(context, { from, to, currencies: [...bases, ...quotes], sequence });
  if (from !== to) await requireCoverage(context, from);
  const days: { readonly date: string; readonly quote: string }[] = [];
  for (const quote of quotes) {
    const rates = pricedDays(published, { base: config.STORE_CURRENCY, quote, from, to });
    if (rates.length === 0)
      await explainMissingRate(context, [config.STORE_CURRENCY, quote], published, { date: to, sequence });
    days.push(...rates.map(({ requestedDate }) => ({ date: requestedDate, quote })));
  }
  days.sort((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0));

  const items: PriceItem[] = [];
  let skip = offset;
  for (const { date, quote } of days) {
    const products = select(await catalogues.of(sources.store, date, sequence), categories);
    if (skip >= products.length) {
      skip -= products.length;
      continue;
    }
    const price = createPricer(published, quote, date, sources.provider);
    for (const product of products.slice(skip)) {
      if (items.length >= limit) return { items, more: true };
      items.push(
        price(product) ?? (await explainMissingRate(context, [product.currency, quote], published, { date, sequence })),
      );
    }
    skip = 0;
  }
  return { items, more: false };
};

const select = (products: readonly ProductOnDay[], categories: readonly string[]) =>
  categories.length === 0 ? products : products.filter((product) => inCategories(product, categories));
