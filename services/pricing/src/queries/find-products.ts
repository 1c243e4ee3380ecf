import type { ProductsPage, ProductsQuery } from '@vindima/contracts';
import type { PricingContext } from '../context.ts';
import { toContent } from '../db/products.ts';
import { knownAt, recordingTimes } from '../db/recordings.ts';
import { inCategories, unknownCategories, unknownCategory } from '../prices/in-category.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { periodOf } from './period.ts';
import { requireProducts } from './require-products.ts';

/** Finds the products of a day, by id. @throws ServiceError 400 `pricing.invalid_cursor`; 404 `pricing.unknown_category` */
export const findProducts = async (
  { database, sources, catalogues, clock }: Pick<PricingContext, 'database' | 'sources' | 'catalogues' | 'clock'>,
  query: ProductsQuery,
  limit: number,
): Promise<ProductsPage> => {
  const { category, date, as_of } = query;
  const question = [category, date, as_of];
  const position =
    query.cursor === undefined
      ? { ...periodOf(query, clock()), known: await knownAt(database.query, as_of), offset: 0 }
      : readCursor(query.cursor, question);
  const { known, offset } = position;
  if (as_of === undefined) await requireProducts({ database, sources });
  const all = await catalogues.of(sources.store, position.to, known.sequence);
  const categories = category === undefined ? [] : [category];
  if (all.length > 0) for (const missing of unknownCategories(all, categories)) throw unknownCategory(missing, all);
  const products = all.filter((product) => inCategories(product, categories));
  const page = products.slice(offset, offset + limit);
  const sequences = page.map(({ sequence }) => sequence);
  const recordedAt = await recordingTimes(
    database.query,
    Math.min(...sequences, known.sequence),
    Math.max(0, ...sequences),
  );
  return {
    items: page.map((product) => ({
      product_id: product.product_id,
      ...toContent(product),
      valid_from: product.valid_from,
      recorded_at: recordedAt(product.sequence),
      source: sources.store,
    })),
    next_cursor:
      offset + page.length < products.length
        ? writeCursor({ ...position, offset: offset + page.length }, question)
        : null,
    as_of: known.recordedAt,
  };
};
