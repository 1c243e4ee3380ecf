import type { ProductContent } from '@vindima/contracts';
import { fromJson, toJson } from '@vindima/database';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { KnownProduct, ProductVersion } from '../history/diff-products.ts';
import type { Tables } from './tables.ts';

/** A version of a product. Rows are added, never changed. */
export interface ProductVersionTable {
  /** Place in the feed. */
  sequence: number;
  store: string;
  product_id: number;
  /** From 1. */
  revision: number;
  operation: 'insert' | 'update' | 'delete';
  valid_from: string;
  title: string;
  slug: string | null;
  /** Exact, as text. */
  price: string;
  currency: string;
  category_id: number | null;
  category: string;
  category_slug: string | null;
  description: string;
  /** JSON: addresses */
  images: string;
  content_hash: string;
}
export type ProductVersionRow = Selectable<ProductVersionTable>;

const rowsPerInsert = 500;

export const toContent = (row: Omit<ProductContent, 'images'> & { readonly images: string }): ProductContent => ({
  title: row.title,
  slug: row.slug,
  price: row.price,
  currency: row.currency,
  category_id: row.category_id,
  category: row.category,
  category_slug: row.category_slug,
  description: row.description,
  images: fromJson<string[]>(row.images),
});

/** @returns the newest version of every product of a store, deleted ones too */
export const knownProducts = async (
  transaction: Transaction<Tables>,
  store: string,
): Promise<Map<number, KnownProduct>> => {
  const newest = transaction
    .selectFrom('product_versions')
    .select((row) => row.fn.max('sequence').as('sequence'))
    .where('store', '=', store)
    .groupBy('product_id');
  const rows = await transaction
    .selectFrom('product_versions as version')
    .innerJoin(newest.as('newest'), 'newest.sequence', 'version.sequence')
    .selectAll('version')
    .execute();
  return new Map(
    rows.map((row) => [
      row.product_id,
      {
        productId: row.product_id,
        revision: row.revision,
        deleted: row.operation === 'delete',
        hash: row.content_hash,
        validFrom: row.valid_from,
        content: toContent(row),
      },
    ]),
  );
};

export const insertProductVersions = async (
  transaction: Transaction<Tables>,
  store: string,
  firstSequence: number,
  versions: readonly ProductVersion[],
): Promise<void> => {
  for (let start = 0; start < versions.length; start += rowsPerInsert) {
    const rows = versions.slice(start, start + rowsPerInsert).map(({ content, ...version }, index) => ({
      sequence: firstSequence + start + index,
      store,
      product_id: version.productId,
      revision: version.revision,
      operation: version.operation,
      valid_from: version.validFrom,
      ...content,
      images: toJson(content.images),
      content_hash: version.hash,
    }));
    await transaction.insertInto('product_versions').values(rows).execute();
  }
};

const shown = [
  'sequence',
  'product_id',
  'operation',
  'valid_from',
  'title',
  'slug',
  'price',
  'currency',
  'category_id',
  'category',
  'category_slug',
  'description',
  'images',
] as const;

type ShownVersion = Pick<ProductVersionRow, (typeof shown)[number]>;

/** A product as it was on a day. */
export interface ProductOnDay extends ShownVersion {
  /** The day is before its first version, which stands in. */
  readonly assumed: boolean;
}

/**
 * Finds the catalogue of a day as it was known: of each product the last version that was valid before `until`, or, where all came later,
 * the first one. Valid times never go back from one version to the next, so the last one is that of the highest place.
 *
 * @param until the end of the day, exclusive
 * @returns in the order of the products' ids, without those that were deleted by then
 */
export const catalogueOf = async (
  query: Kysely<Tables>,
  { store, until, knownAt }: { store: string; until: string; knownAt: number },
): Promise<ProductOnDay[]> => {
  const known = query.selectFrom('product_versions').where('store', '=', store).where('sequence', '<=', knownAt);
  const valid = known
    .select((row) => ['product_id', row.fn.max('sequence').as('sequence')])
    .where('valid_from', '<', until)
    .groupBy('product_id');
  const current = await query
    .selectFrom('product_versions as version')
    .innerJoin(valid.as('valid'), 'valid.sequence', 'version.sequence')
    .select(shown.map((column) => `version.${column}` as const))
    .execute();
  const later = await known.select(shown).where('valid_from', '>=', until).orderBy('sequence').execute();
  const there = new Set(current.map(({ product_id }) => product_id));
  const first = new Map<number, ShownVersion>();
  for (const row of later) {
    const before = first.get(row.product_id);
    // A correction holds since the same time as what it corrects, and is to be preferred.
    if (!there.has(row.product_id) && (before === undefined || before.valid_from === row.valid_from)) {
      first.set(row.product_id, row);
    }
  }
  return [
    ...current.map((row) => ({ ...row, assumed: false })),
    ...[...first.values()].map((row) => ({ ...row, assumed: true })),
  ]
    .filter(({ operation }) => operation !== 'delete')
    .sort((one, other) => one.product_id - other.product_id);
};

/** @returns every time at which a product of the store began to be something else, in order */
export const validTimes = async (query: Kysely<Tables>, store: string, knownAt: number): Promise<string[]> => {
  const rows = await query
    .selectFrom('product_versions')
    .select('valid_from')
    .distinct()
    .where('store', '=', store)
    .where('sequence', '<=', knownAt)
    .orderBy('valid_from')
    .execute();
  return rows.map(({ valid_from }) => valid_from);
};

/** @returns the ids of the products that are in the store as far as known */
export const presentIds = async (query: Kysely<Tables>, store: string): Promise<number[]> => {
  const newest = query
    .selectFrom('product_versions')
    .select((row) => row.fn.max('sequence').as('sequence'))
    .where('store', '=', store)
    .groupBy('product_id');
  const rows = await query
    .selectFrom('product_versions as version')
    .innerJoin(newest.as('newest'), 'newest.sequence', 'version.sequence')
    .select('version.product_id')
    .where('version.operation', '!=', 'delete')
    .execute();
  return rows.map(({ product_id }) => product_id);
};

/** @returns whether any product of the store was ever recorded */
export const hasProducts = async (query: Kysely<Tables>, store: string): Promise<boolean> =>
  (await query
    .selectFrom('product_versions')
    .select('sequence')
    .where('store', '=', store)
    .limit(1)
    .executeTakeFirst()) !== undefined;
