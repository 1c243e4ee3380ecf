import type { ProductContent } from '@vindima/contracts';
import type { Catalogue } from '../store/fetch-products.ts';
import type { StoreProduct } from '../store/read-product.ts';
import { contentHash } from './content-hash.ts';

/** The newest version that is known of a product. */
export interface KnownProduct {
  readonly productId: number;
  readonly revision: number;
  readonly deleted: boolean;
  readonly hash: string;
  readonly validFrom: string;
  readonly content: ProductContent;
}

/** A version as it is to be recorded. */
export interface ProductVersion {
  readonly productId: number;
  /** From 1. */
  readonly revision: number;
  readonly operation: 'insert' | 'update' | 'delete';
  /** An insert of a product that had been deleted. */
  readonly returned: boolean;
  /** Since when it holds in the store. */
  readonly validFrom: string;
  readonly hash: string;
  /** Undefined for an insert. */
  readonly before: ProductContent | undefined;
  /** Of a delete: what the product last was. */
  readonly content: ProductContent;
}

/**
 * Compares the store's catalogue with what is known, by content: ids and times alone are no change. A product that can't be read is
 * left as it was.
 *
 * @param observedAt when the catalogue was read; nothing is valid from later than that
 * @returns what changed, in the order of the products' ids; the same catalogue again gives nothing
 */
export const diffProducts = (
  known: ReadonlyMap<number, KnownProduct>,
  catalogue: Pick<Catalogue, 'products' | 'unusableIds'>,
  observedAt: Date,
): ProductVersion[] => {
  const seen = new Set([...catalogue.products.map(({ id }) => id), ...catalogue.unusableIds]);
  const present = catalogue.products.flatMap((product) => {
    const before = known.get(product.id);
    const hash = contentHash(product.content);
    if (before !== undefined && !before.deleted && before.hash === hash) return [];
    return [presentVersion(product, hash, before, observedAt)];
  });
  const absent = [...known.values()]
    .filter(({ productId, deleted }) => !deleted && !seen.has(productId))
    .map((before): ProductVersion => {
      const { productId, revision, hash, content } = before;
      const validFrom = later(observedAt.toISOString(), before.validFrom);
      const changed = { productId, revision: revision + 1, hash, content, before: content, validFrom };
      return { ...changed, operation: 'delete', returned: false };
    });
  return [...present, ...absent].sort((one, other) => one.productId - other.productId);
};

const presentVersion = (
  product: StoreProduct,
  hash: string,
  before: KnownProduct | undefined,
  observedAt: Date,
): ProductVersion => {
  const version = {
    productId: product.id,
    revision: (before?.revision ?? 0) + 1,
    hash,
    content: product.content,
    validFrom: validFrom(product.updatedAt, before, observedAt),
  };
  if (before === undefined || before.deleted) {
    return { ...version, operation: 'insert', returned: before !== undefined, before: undefined };
  }
  return { ...version, operation: 'update', returned: false, before: before.content };
};

/**
 * Since when a version holds: since the store says that the product changed, or since we saw it, where the store says nothing or the
 * future. Content that changed without the store saying so was wrong before: the version holds since the one that it corrects did.
 * Valid times so never go back from one version to the next.
 */
const validFrom = (updatedAt: Date | undefined, before: KnownProduct | undefined, observedAt: Date): string => {
  const observed = observedAt.toISOString();
  const claimed = updatedAt === undefined || updatedAt > observedAt ? observed : updatedAt.toISOString();
  if (before === undefined) return claimed;
  if (claimed > before.validFrom) return claimed;
  return before.deleted ? later(observed, before.validFrom) : before.validFrom;
};

const later = (one: string, other: string) => (one > other ? one : other);
