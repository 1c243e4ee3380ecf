import type { ProductContent } from '@vindima/contracts';
import { formatShortest, readDecimal } from '../money/decimal.ts';
import { readImages } from './read-images.ts';

/** A product as the store answers it now. */
export interface StoreProduct {
  readonly id: number;
  readonly content: ProductContent;
  /** When the store says that it last changed; undefined when it says nothing that can be used. */
  readonly updatedAt: Date | undefined;
}

const longest = { title: 500, description: 20_000, category: 200, slug: 600 };
const maximumWholeDigits = 18;
const maximumPlaces = 12;

/**
 * Reads one product. Anybody can edit the store, so everything is checked and bounded.
 *
 * @param currency that the store's prices are in; it does not say
 * @returns the product, or in a sentence why it is none
 */
export const readProduct = (value: unknown, currency: string): StoreProduct | string => {
  if (!isRecord(value)) return 'It is no object.';
  const { id, title, category } = value;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) return 'Its id is no whole number.';
  if (typeof title !== 'string' || title.trim() === '') return `Product ${id} has no title.`;
  const price = readPrice(value.price);
  if (price === undefined)
    return `The price of product ${id} cannot be used: ${JSON.stringify(value.price)?.slice(0, 60)}.`;
  if (!isRecord(category) || typeof category.name !== 'string') return `Product ${id} has no category.`;
  const updatedAt = new Date(typeof value.updatedAt === 'string' ? value.updatedAt : Number.NaN);
  return {
    id,
    content: {
      title: title.trim().slice(0, longest.title),
      slug: text(value.slug, longest.slug),
      price,
      currency,
      category_id: Number.isSafeInteger(category.id) ? Number(category.id) : null,
      category: category.name.trim().slice(0, longest.category),
      category_slug: text(category.slug, longest.slug),
      description: text(value.description, longest.description) ?? '',
      images: readImages(value.images),
    },
    updatedAt: Number.isNaN(updatedAt.getTime()) ? undefined : updatedAt,
  };
};

const readPrice = (value: unknown) => {
  const decimal = typeof value === 'string' ? readDecimal(value.trim()) : undefined;
  if (decimal === undefined || decimal.units < 0n) return undefined;
  const shortest = formatShortest(decimal);
  const [whole = '', places = ''] = shortest.split('.');
  return whole.length > maximumWholeDigits || places.length > maximumPlaces ? undefined : shortest;
};

const text = (value: unknown, length: number) => (typeof value === 'string' ? value.slice(0, length) : null);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
