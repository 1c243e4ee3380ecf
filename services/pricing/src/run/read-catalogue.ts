import type { PricingContext } from '../context.ts';
import { type Catalogue, fetchCatalogue } from '../store/fetch-products.ts';

/**
 * Reads the store's catalogue, and a second time if known products are missing: while pages are read, a product that another one makes
 * room for moves to a page that was read already. Only what is missing both times is gone.
 *
 * @param known ids of the products that should be there
 */
export const readCatalogue = async (
  { upstream, sources, session, config }: Pick<PricingContext, 'upstream' | 'sources' | 'session' | 'config'>,
  known: readonly number[],
  signal: AbortSignal,
): Promise<Catalogue> => {
  const store = { url: sources.storeUrl, session, currency: config.STORE_CURRENCY };
  const first = await fetchCatalogue({ ...upstream, signal }, store);
  const there = new Set([...first.products.map(({ id }) => id), ...first.unusableIds]);
  if (known.every((id) => there.has(id))) return first;
  const second = await fetchCatalogue({ ...upstream, signal }, store);
  const products = new Map([...first.products, ...second.products].map((product) => [product.id, product]));
  return {
    products: [...products.values()],
    problems: second.problems,
    unusableIds: new Set([...first.unusableIds, ...second.unusableIds].filter((id) => !products.has(id))),
  };
};
