import { ErrorBody, RatesPage, RatesQuery } from '@vindima/contracts';
import type { Kit, PricingContext } from '../context.ts';
import { findRates } from '../queries/find-rates.ts';
import { writeRatesCsv } from './csv.ts';
import { plainJson } from './json.ts';

const defaultPage = 1000;

/** `GET /rates`: rates of any currency in any other, of a day or a period. */
export const listRates = ({ app }: Kit, context: PricingContext) => {
  app.get(
    '/rates',
    {
      ...plainJson,
      schema: {
        tags: ['rates'],
        summary: 'Rates of any currency in any other, crosses through the euro',
        querystring: RatesQuery,
        response: { 200: RatesPage, 400: ErrorBody, 404: ErrorBody, 422: ErrorBody, 503: ErrorBody },
      },
    },
    async (request, reply) => {
      const page = await findRates(context, request.query, request.query.limit ?? defaultPage);
      if (request.query.format !== 'csv') return page;
      reply.header('x-as-of', page.as_of);
      if (page.next_cursor !== null) reply.header('x-next-cursor', page.next_cursor);
      return reply.type('text/csv; charset=utf-8').send(writeRatesCsv(page.items) as never);
    },
  );
};
