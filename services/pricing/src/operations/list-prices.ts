import { Readable } from 'node:stream';
import { pricingOperations, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { PricingContext, PricingKit } from '../context.ts';
import { createPriceTable } from '../lake/price-table.ts';
import { createPricer } from '../prices/price-item.ts';
import { askPrices, findPrices } from '../queries/find-prices.ts';
import { createPricePages } from '../queries/price-pages.ts';
import { writePricesCsv } from './csv.ts';

const defaultPage = 100;
/** Of a file, which has everything unless the question bounds it. */
const largestFile = 200_000;

/** Lists products at the rate of a day, as JSON, CSV or Parquet. */
export const listPrices = (kit: PricingKit, context: PricingContext) => {
  const pages = createPricePages(context);
  implement(kit, pricingOperations.listPrices, async (request, reply) => {
    const { format = 'json', limit } = request.query;
    const asked = await askPrices(context, request.query, limit ?? (format === 'json' ? defaultPage : largestFile));
    if (format === 'json') {
      const etag = pages.etag(asked);
      reply.header('etag', etag);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      return reply.type('application/json; charset=utf-8').send(bodyOf(await pages.page(asked)));
    }
    const page = await findPrices(context, asked);
    const items = page.groups.flatMap(({ products, rate }) => products.map(createPricer(rate, context.sources)));
    if (page.next_cursor !== null && limit === undefined) throw tooLarge();
    reply.header('x-as-of', page.as_of);
    if (page.missing.length > 0)
      reply.header('x-missing-currencies', page.missing.map(({ currency }) => currency).join(','));
    if (page.next_cursor !== null) reply.header('x-next-cursor', page.next_cursor);
    if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(writePricesCsv(items));
    const table = createPriceTable();
    for (const item of items) table.add(item);
    const { provider, store } = context.sources;
    const file = table.toParquet({ provider, store, as_of: page.as_of });
    return reply.type('application/vnd.apache.parquet').send(Buffer.from(file));
  });
};

/** One part is sent as it is, with its length; several as a stream, the first ones while the others are made. */
const bodyOf = (parts: Iterable<Buffer>): Buffer | Readable => {
  const iterator = parts[Symbol.iterator]();
  const first = iterator.next();
  const second = iterator.next();
  if (first.done || second.done) return first.value ?? Buffer.alloc(0);
  const all = function* () {
    yield first.value;
    yield second.value;
    yield* { [Symbol.iterator]: () => iterator };
  };
  return Readable.from(all(), { objectMode: false, highWaterMark: 1 });
};

const tooLarge = () =>
  new ServiceError(
    422,
    'pricing.too_many_rows',
    `There are more than ${largestFile} prices. Ask for a shorter period, one category, or for pages with "limit".`,
  );
