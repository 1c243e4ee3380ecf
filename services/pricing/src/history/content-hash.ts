import { createHash } from 'node:crypto';
import type { ProductContent } from '@vindima/contracts';

/** What two versions of a product are compared by: its content without ids and times, which change whenever the store is seeded anew. */
export const contentHash = (content: ProductContent): string => {
  const { title, slug, price, currency, category_id, category, category_slug, description, images } = content;
  const ordered = [title, slug, price, currency, category_id, category, category_slug, description, images];
  return createHash('sha256').update(JSON.stringify(ordered)).digest('hex');
};
