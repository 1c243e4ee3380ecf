import type { UpstreamResponse } from '@vindima/service-kit';
import type { Upstream } from '../upstream.ts';
import { parseWithExactPrices } from './json-exact.ts';
import { readProduct, type StoreProduct } from './read-product.ts';
import type { StoreSession } from './session.ts';
import { unusable } from './unusable.ts';

export interface Catalogue {
  readonly products: readonly StoreProduct[];
  /** Rows that are no products, in a sentence each. Their ids, where they have one, are in `unusableIds`. */
  readonly problems: readonly string[];
  /** Products that are there, but can't be used: not to be taken for deleted. */
  readonly unusableIds: ReadonlySet<number>;
}

export interface StoreOptions {
  /** `https://api.escuelajs.co/api/v1` */
  readonly url: string;
  /** Undefined reads the public catalogue without logging in. */
  readonly session: StoreSession | undefined;
  /** What the store's prices are in. */
  readonly currency: string;
}

const pageSize = 500;
const maximumProducts = 100_000;

/**
 * Reads the whole catalogue: to tell a deleted product from one that changed its category, all of it is needed. `offset` is always
 * sent, as the store ignores `limit` without it; a store that ignores both answers everything at once, which is as well.
 *
 * @throws ServiceError 502 `pricing.unreadable_products`, also for a catalogue without products: a store that is being seeded anew
 * is not one whose products were all deleted; as `UpstreamClient.request` and `StoreSession.renew`
 */
export const fetchCatalogue = async (upstream: Upstream, store: StoreOptions): Promise<Catalogue> => {
  const products = new Map<number, StoreProduct>();
  const problems: string[] = [];
  const unusableIds = new Set<number>();
  for (let offset = 0; ; ) {
    const rows = await fetchPage(upstream, store, offset);
    const before = products.size + problems.length;
    for (const row of rows) {
      const product = readProduct(row, store.currency);
      if (typeof product !== 'string') products.set(product.id, product);
      else {
        const id = idOf(row);
        if (id === undefined || !unusableIds.has(id)) problems.push(product);
        if (id !== undefined) unusableIds.add(id);
      }
    }
    offset += rows.length;
    const nothingNew = products.size + problems.length === before;
    if (rows.length < pageSize || nothingNew) break;
    if (offset > maximumProducts) throw unusable(`it has more than ${maximumProducts} products`);
  }
  if (products.size === 0) throw unusable('it has no products at all');
  return { products: [...products.values()], problems, unusableIds };
};

const idOf = (row: unknown) =>
  typeof row === 'object' && row !== null && 'id' in row && Number.isSafeInteger(row.id) ? Number(row.id) : undefined;

const fetchPage = async (upstream: Upstream, store: StoreOptions, offset: number): Promise<readonly unknown[]> => {
  const response = await authorized(store.session, (authorization) =>
    upstream.client.request({
      upstream: 'Store',
      url: `${store.url}/products?offset=${offset}&limit=${pageSize}`,
      headers: { accept: 'application/json', ...authorization },
      accept: store.session === undefined ? [] : [401],
      timeoutMs: upstream.timeoutMs,
      retries: upstream.retries,
      maximumBytes: 64 * 1024 * 1024,
      ...(upstream.signal && { signal: upstream.signal }),
    }),
  );
  return readList(response.body);
};

/** Calls with the token, and once more with another one if it is refused: it may have expired between two pages. */
const authorized = async (
  session: StoreSession | undefined,
  call: (authorization: Record<string, string>) => Promise<UpstreamResponse>,
) => {
  if (session === undefined) return call({});
  const token = await session.token();
  const first = await call({ authorization: `Bearer ${token}` });
  if (first.status !== 401) return first;
  const second = await call({ authorization: `Bearer ${await session.renew(token)}` });
  if (second.status === 401) throw unusable('it refuses a token that it has just given');
  return second;
};

const readList = (body: Buffer): readonly unknown[] => {
  if (body.length === 0) throw unusable('it is empty');
  try {
    const parsed = parseWithExactPrices(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (Array.isArray(parsed)) return parsed;
  } catch (cause) {
    throw unusable('it is not whole JSON', cause);
  }
  throw unusable('it is no list of products');
};
