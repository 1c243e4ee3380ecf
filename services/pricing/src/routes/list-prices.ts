import { Readable } from 'node:stream';
import { ErrorBody, PricesPage, PricesQuery, ServiceError } from '@vindima/contracts';
import { Type } from 'typebox';
import type { Kit, PricingContext } from '../context.ts';
import { createPriceTable } from '../lake/price-table.ts';
import { createPricer } from '../prices/price-item.ts';
import { askPrices, findPrices } from '../queries/find-prices.ts';
import { createPricePages } from '../queries/price-pages.ts';
import { writePricesCsv } from './csv.ts';

const defaultPage = 100;
/** Of a file, which has everything unless the question bounds it. */
const largestFile = 200_000;

/** `GET /prices`: products at the rate of a day, as JSON, CSV or Parquet. */
export const listPrices = ({ app }: Kit, context: PricingContext) => {
  const pages = createPricePages(context);
  app.get(
    '/prices',
    {
      schema: {
        tags: ['prices'],
        summary: 'Products at the rate of a day, in any currency',
        querystring: PricesQuery,
        response: { 200: PricesPage, 304: Type.Null(), 400: ErrorBody, 404: ErrorBody, 422: ErrorBody, 503: ErrorBody },
      },
    },
    async (request, reply) => {
      const { format = 'json', limit } = request.query;
      const asked = await askPrices(context, request.query, limit ?? (format === 'json' ? defaultPage : largestFile));
      if (format === 'json') {
        const etag = pages.etag(asked);
        reply.header('etag', etag);
        if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
        return reply.type('application/json; charset=utf-8').send(bodyOf(await pages.page(asked)) as never);
      }
      const page = await findPrices(context, asked);
      const items = page.groups.flatMap(({ products, rate }) => products.map(createPricer(rate, context.sources)));
      if (page.next_cursor !== null && limit === undefined) throw tooLarge();
      reply.header('x-as-of', page.as_of);
      if (page.next_cursor !== null) reply.header('x-next-cursor', page.next_cursor);
      if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(writePricesCsv(items) as never);
      const table = createPriceTable();
      for (const item of items) table.add(item);
      const { provider, store } = context.sources;
      const file = table.toParquet({ provider, store, as_of: page.as_of });
      return reply.type('application/vnd.apache.parquet').send(Buffer.from(file) as never);
    },
  );
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
