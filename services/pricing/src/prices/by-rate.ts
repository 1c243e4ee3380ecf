import type { ProductOnDay } from '../db/products.ts';
import { type PublishedRates, type ResolvedRate, resolveRate } from '../rates/resolve-rate.ts';

/** Products that one rate prices. */
export interface ProductsAtRate<Product extends ProductOnDay> {
  readonly base: string;
  /** Undefined where no rate may be used. */
  readonly rate: ResolvedRate | undefined;
  readonly products: readonly Product[];
}

/**
 * Finds the rates for products, in their order: each is priced from the currency that it was recorded in, as that of the store may have
 * been configured otherwise since.
 */
export const byRate = <Product extends ProductOnDay>(
  products: readonly Product[],
  { published, quote, date, now }: { published: PublishedRates; quote: string; date: string; now: Date },
): ProductsAtRate<Product>[] => {
  const groups: { base: string; rate: ResolvedRate | undefined; products: Product[] }[] = [];
  for (const product of products) {
    const last = groups.at(-1);
    if (last?.base === product.currency) last.products.push(product);
    else {
      const rate = resolveRate(published, { base: product.currency, quote, date, now });
      groups.push({ base: product.currency, rate, products: [product] });
    }
  }
  return groups;
};
