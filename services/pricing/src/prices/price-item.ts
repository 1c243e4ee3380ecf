import type { PriceItem } from '@vindima/contracts';
import type { ProductOnDay } from '../db/products.ts';
import { converter } from '../money/convert.ts';
import { type ResolvedRate, resolutionOf } from '../rates/resolve-rate.ts';

/** What a price says of the product, whatever the rate. */
export const productFields = (product: ProductOnDay) => ({
  product_id: product.product_id,
  title: product.title,
  category: product.category,
  price: product.price,
  price_currency: product.currency,
  price_valid_from: product.valid_from,
  price_assumed: product.assumed,
});

/** What a price says of the rate, whatever the product. */
export const rateFields = (rate: ResolvedRate, { provider, store }: PriceSources) => ({
  ...resolutionOf(rate),
  provider,
  source: store,
});

/** Whose rates, and whose products. */
export interface PriceSources {
  readonly provider: string;
  readonly store: string;
}

/** Prepares to price the products of a store that are in the currency that a rate is from. */
export const createPricer = (rate: ResolvedRate, sources: PriceSources) => {
  const convert = converter(rate.basePerEuro, rate.quotePerEuro, rate.quote);
  const rateSays = rateFields(rate, sources);
  return (product: ProductOnDay): PriceItem => {
    const { amount, unrounded } = convert(product.price);
    return { ...productFields(product), currency: rate.quote, amount, amount_unrounded: unrounded, ...rateSays };
  };
};
