import type { PriceItem } from '@vindima/contracts';
import type { ProductOnDay } from '../db/products.ts';
import { converter } from '../money/convert.ts';
import { type PublishedRates, type ResolvedRate, resolveRate } from '../rates/resolve-rate.ts';

/** Prices a product on a day; undefined where no rate may be used. */
export type Pricer = (product: ProductOnDay) => PriceItem | undefined;

/**
 * Prepares to price the products of a store in one currency on one day. Each product is priced from the currency that it was recorded in:
 * that of the store may have been configured otherwise since.
 */
export const createPricer = (published: PublishedRates, quote: string, date: string, provider: string): Pricer => {
  const byBase = new Map<string, Pricer>();
  return (product) => {
    let price = byBase.get(product.currency);
    if (price === undefined) {
      const rate = resolveRate(published, product.currency, quote, date);
      price = rate === undefined ? () => undefined : pricerAt(rate, provider);
      byBase.set(product.currency, price);
    }
    return price(product);
  };
};

const pricerAt = (rate: ResolvedRate, provider: string): Pricer => {
  const convert = converter(rate.basePerEuro, rate.quotePerEuro, rate.quote);
  const legs = [...rate.legs];
  return (product) => {
    const { amount, unrounded } = convert(product.price);
    return {
      product_id: product.product_id,
      title: product.title,
      category: product.category,
      price: product.price,
      price_currency: product.currency,
      price_valid_from: product.valid_from,
      price_assumed: product.assumed,
      currency: rate.quote,
      amount,
      amount_unrounded: unrounded,
      rate: rate.rate,
      rate_path: rate.path,
      rate_legs: legs,
      requested_date: rate.requestedDate,
      rate_date: rate.rateDate,
      carried_forward: rate.carriedForward,
      provider,
      source: product.store,
    };
  };
};
