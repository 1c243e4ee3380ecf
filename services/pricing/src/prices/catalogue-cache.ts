import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import { catalogueOf, type ProductOnDay, validTimes } from '../db/products.ts';
import type { Tables } from '../db/tables.ts';
import { productFields } from './price-item.ts';

/** A product on a day, with the bytes that begin its prices in JSON: they are the same at every rate. */
export interface KeptProduct extends ProductOnDay {
  readonly json: Buffer;
}

/** The store's catalogue of a day, as it was known at a place of the feed. */
export interface CatalogueCache {
  of(store: string, date: string, knownAt: number): Promise<readonly KeptProduct[]>;
}

export const keepProduct = (product: ProductOnDay): KeptProduct => ({
  ...product,
  json: Buffer.from(JSON.stringify(productFields(product)).slice(0, -1)),
});

/** Of some kilobyte each. */
const maximumProducts = 200_000;

/**
 * Reads catalogues and keeps the last ones used. What was known at a place of the feed never changes, so nothing kept is ever stale; days
 * between which nothing became valid share a catalogue.
 */
export const createCatalogueCache = (query: Kysely<Tables>): CatalogueCache => {
  const times = new LRUCache<string, Promise<readonly string[]>>({ max: 16 });
  const catalogues = new LRUCache<string, readonly KeptProduct[]>({
    max: 64,
    maxSize: maximumProducts,
    sizeCalculation: (products) => products.length + 1,
  });
  const timesOf = (store: string, knownAt: number) => {
    const key = JSON.stringify([store, knownAt]);
    const known = times.get(key) ?? validTimes(query, store, knownAt);
    times.set(key, known);
    // A failed read must not be kept.
    known.catch(() => times.delete(key));
    return known;
  };
  return {
    async of(store, date, knownAt) {
      const until = new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString();
      const before = (await timesOf(store, knownAt)).filter((time) => time < until).length;
      const key = JSON.stringify([store, knownAt, before]);
      const known = catalogues.get(key);
      if (known !== undefined) return known;
      const read = (await catalogueOf(query, { store, until, knownAt })).map(keepProduct);
      catalogues.set(key, read);
      return read;
    },
  };
};
