import type { PricingChange } from '@vindima/contracts';
import type { Kysely } from 'kysely';
import { type ProductVersionRow, toContent } from './products.ts';
import type { RateTable } from './rates.ts';
import { recordingTimes } from './recordings.ts';
import type { Tables } from './tables.ts';

export interface ChangesAsked {
  readonly after: number;
  readonly limit: number;
  readonly entity: 'product' | 'rate' | undefined;
}

/**
 * Reads the feed behind a place, in order. Nothing is missed: places are given in the order of commits, and the end of what there is
 * is read first, so that a commit between the queries that follow is left for the next time.
 */
export const changesAfter = async (query: Kysely<Tables>, { after, limit, entity }: ChangesAsked) => {
  const { last_sequence: last } = await query.selectFrom('feed').select('last_sequence').executeTakeFirstOrThrow();
  const rates = entity === 'product' ? [] : await ratesAfter(query, after, last, limit);
  const products = entity === 'rate' ? [] : await productsAfter(query, after, last, limit);
  const rows = [...rates.map((rate) => ({ rate })), ...products.map((product) => ({ product }))]
    .sort((one, other) => sequenceOf(one) - sequenceOf(other))
    .slice(0, limit);
  const [first, final] = [rows[0], rows.at(-1)];
  if (first === undefined || final === undefined) return { items: [], next_after: Math.max(after, last), last };
  const recordedAt = await recordingTimes(query, sequenceOf(first), sequenceOf(final));
  const beforeRate = await ratesBefore(
    query,
    rows.flatMap((row) => ('rate' in row ? [row.rate] : [])),
  );
  const beforeProduct = await productsBefore(
    query,
    rows.flatMap((row) => ('product' in row ? [row.product] : [])),
  );
  const items = rows.map((row) =>
    'rate' in row
      ? rateChange(row.rate, beforeRate(row.rate), recordedAt)
      : productChange(row.product, beforeProduct(row.product), recordedAt),
  );
  return { items, next_after: rows.length === limit ? sequenceOf(final) : last, last };
};

type Row = { readonly rate: RateTable } | { readonly product: ProductVersionRow };
const sequenceOf = (row: Row) => ('rate' in row ? row.rate.sequence : row.product.sequence);

const ratesAfter = (query: Kysely<Tables>, after: number, last: number, limit: number) =>
  query
    .selectFrom('rates')
    .selectAll()
    .where('sequence', '>', after)
    .where('sequence', '<=', last)
    .orderBy('sequence')
    .limit(limit)
    .execute();

const productsAfter = (query: Kysely<Tables>, after: number, last: number, limit: number) =>
  query
    .selectFrom('product_versions')
    .selectAll()
    .where('sequence', '>', after)
    .where('sequence', '<=', last)
    .orderBy('sequence')
    .limit(limit)
    .execute();

const rateName = ({ provider, currency, rate_date }: RateTable) => `${provider}/${currency}/${rate_date}`;
const productName = ({ store, product_id }: ProductVersionRow) => `${store}/${product_id}`;

/** The revisions before those of some rows that are not the first of theirs. */
const ratesBefore = async (query: Kysely<Tables>, rows: readonly RateTable[]) => {
  const dates = [...new Set(rows.filter(({ revision }) => revision > 1).map(({ rate_date }) => rate_date))];
  const revisions =
    dates.length === 0 ? [] : await query.selectFrom('rates').selectAll().where('rate_date', 'in', dates).execute();
  const known = new Map(revisions.map((row) => [`${rateName(row)} ${row.revision}`, row]));
  return (row: RateTable) => known.get(`${rateName(row)} ${row.revision - 1}`);
};

const productsBefore = async (query: Kysely<Tables>, rows: readonly ProductVersionRow[]) => {
  const ids = [...new Set(rows.filter(({ revision }) => revision > 1).map(({ product_id }) => product_id))];
  const revisions =
    ids.length === 0
      ? []
      : await query.selectFrom('product_versions').selectAll().where('product_id', 'in', ids).execute();
  const known = new Map(revisions.map((row) => [`${productName(row)} ${row.revision}`, row]));
  return (row: ProductVersionRow) => known.get(`${productName(row)} ${row.revision - 1}`);
};

const rateChange = (
  row: RateTable,
  previous: RateTable | undefined,
  recordedAt: (sequence: number) => string,
): PricingChange => {
  const content = ({ currency, rate_date, rate }: RateTable) =>
    rate === null ? null : { currency, date: rate_date, rate };
  const [before, after] = [previous === undefined ? null : content(previous), content(row)];
  return {
    sequence: row.sequence,
    entity: 'rate',
    key: rateName(row),
    operation: after === null ? 'delete' : before === null ? 'insert' : 'update',
    before,
    after,
    valid_from: `${row.rate_date}T00:00:00.000Z`,
    recorded_at: recordedAt(row.sequence),
  };
};

const productChange = (
  row: ProductVersionRow,
  previous: ProductVersionRow | undefined,
  recordedAt: (sequence: number) => string,
): PricingChange => ({
  sequence: row.sequence,
  entity: 'product',
  key: productName(row),
  operation: row.operation,
  before: row.operation === 'insert' || previous === undefined ? null : toContent(previous),
  after: row.operation === 'delete' ? null : toContent(row),
  valid_from: row.valid_from,
  recorded_at: recordedAt(row.sequence),
});
