import { ServiceError } from '@vindima/contracts';
import type { ProductOnDay } from '../db/products.ts';

/** @returns whether a product is in one of some categories, given by name or slug in any case; none given means all */
export const inCategories = (product: Pick<ProductOnDay, 'category' | 'category_slug'>, wanted: readonly string[]) =>
  wanted.length === 0 || wanted.some((category) => isIn(product, category));

const isIn = ({ category, category_slug }: Pick<ProductOnDay, 'category' | 'category_slug'>, wanted: string) => {
  const name = wanted.trim().toLowerCase();
  return category.toLowerCase() === name || category_slug?.toLowerCase() === name;
};

/** @returns the wanted categories that no product is in */
export const unknownCategories = (products: readonly ProductOnDay[], wanted: readonly string[]): string[] =>
  wanted.filter((category) => !products.some((product) => isIn(product, category)));

export const unknownCategory = (category: string, products: readonly ProductOnDay[]) => {
  const known = [...new Set(products.map((product) => product.category))].sort().slice(0, 100);
  return new ServiceError(404, 'pricing.unknown_category', `No product is in a category "${category}".`, {
    details: { category, known },
  });
};
