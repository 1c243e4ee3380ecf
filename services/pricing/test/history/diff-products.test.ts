import type { ProductContent } from '@vindima/contracts';
import { describe, expect, it } from 'vitest';
import { diffProducts, type KnownProduct, type ProductVersion } from '../../src/history/diff-products.ts';

const content = (price: string, category = 'Shoes'): ProductContent => ({
  title: 'Rope Sandals',
  slug: 'rope-sandals',
  price,
  currency: 'USD',
  category_id: 4,
  category,
  category_slug: category.toLowerCase(),
  description: '',
  images: [],
});
const product = (id: number, price: string, updatedAt?: string, category?: string) => ({
  id,
  content: content(price, category),
  updatedAt: updatedAt === undefined ? undefined : new Date(updatedAt),
});
const catalogue = (...products: ReturnType<typeof product>[]) => ({ products, unusableIds: new Set<number>() });
const monday = new Date('2026-05-04T12:00:00.000Z');
const tuesday = new Date('2026-05-05T12:00:00.000Z');

/** What is known once these versions are recorded. */
const record = (known: ReadonlyMap<number, KnownProduct>, versions: readonly ProductVersion[]) =>
  new Map([
    ...known,
    ...versions.map(
      (version) =>
        [version.productId, { ...version, deleted: version.operation === 'delete' }] satisfies [number, KnownProduct],
    ),
  ]);
const first = record(
  new Map(),
  diffProducts(new Map(), catalogue(product(1, '20', '2026-05-01T00:00:00.000Z')), monday),
);

describe('the difference between the store and what is known', () => {
  it('is nothing when only times changed, as after the daily seeding', () => {
    expect(diffProducts(first, catalogue(product(1, '20', '2026-05-05T01:40:00.000Z')), tuesday)).toEqual([]);
  });

  it('is an update valid since the store says so', () => {
    expect(diffProducts(first, catalogue(product(1, '25', '2026-05-05T08:00:00.000Z')), tuesday)).toMatchObject([
      {
        operation: 'update',
        revision: 2,
        validFrom: '2026-05-05T08:00:00.000Z',
        before: { price: '20' },
        content: { price: '25' },
      },
    ]);
  });

  it('is a correction, valid since what it corrects, when the store does not say that anything changed', () => {
    expect(diffProducts(first, catalogue(product(1, '25', '2026-05-01T00:00:00.000Z')), tuesday)).toMatchObject([
      { operation: 'update', validFrom: '2026-05-01T00:00:00.000Z' },
    ]);
  });

  it('is valid since it was seen when the store says nothing, or the future', () => {
    for (const updatedAt of [undefined, '2030-01-01T00:00:00.000Z']) {
      expect(diffProducts(first, catalogue(product(1, '25', updatedAt)), tuesday)).toMatchObject([
        { validFrom: tuesday.toISOString() },
      ]);
    }
  });

  it('shows a changed category', () => {
    expect(diffProducts(first, catalogue(product(1, '20', undefined, 'Sale')), tuesday)).toMatchObject([
      { before: { category: 'Shoes' }, content: { category: 'Sale' } },
    ]);
  });

  it('shows a deleted product, and its return', () => {
    const gone = diffProducts(first, catalogue(product(2, '9')), tuesday);
    expect(gone).toMatchObject([
      { productId: 1, operation: 'delete', validFrom: tuesday.toISOString(), before: { price: '20' } },
      { productId: 2, operation: 'insert', returned: false, revision: 1 },
    ]);
    const wednesday = new Date('2026-05-06T12:00:00.000Z');
    const back = diffProducts(
      record(first, gone),
      catalogue(product(1, '20', '2026-05-01T00:00:00.000Z'), product(2, '9')),
      wednesday,
    );
    expect(back).toMatchObject([
      { operation: 'insert', returned: true, revision: 3, validFrom: wednesday.toISOString(), before: undefined },
    ]);
  });

  it('leaves a product that cannot be read as it was', () => {
    const other = { products: [product(2, '9')], unusableIds: new Set([1]) };
    expect(diffProducts(first, other, tuesday).map(({ productId }) => productId)).toEqual([2]);
  });

  it('is nothing the second time', () => {
    const changed = catalogue(product(1, '25', '2026-05-05T08:00:00.000Z'), product(3, '7'));
    expect(diffProducts(record(first, diffProducts(first, changed, tuesday)), changed, tuesday)).toEqual([]);
  });
});
