import { ServiceError } from '@vindima/contracts';
import type { PricingContext } from '../context.ts';
import { hasProducts } from '../db/products.ts';

/** Makes sure that a store without products is one that was read. @throws ServiceError 503 `pricing.products_not_loaded` */
export const requireProducts = async ({
  database,
  sources,
}: Pick<PricingContext, 'database' | 'sources'>): Promise<void> => {
  if (await hasProducts(database.query, sources.store)) return;
  throw new ServiceError(
    503,
    'pricing.products_not_loaded',
    'No products are recorded yet. They come with the first run: POST /pricing/runs.',
    { headers: { 'retry-after': '5' } },
  );
};
