import { pricingOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { PricingContext, PricingKit } from '../context.ts';
import { findRates } from '../queries/find-rates.ts';
import { writeRatesCsv } from './csv.ts';
import { plainJson } from './json.ts';

const defaultPage = 1000;

/** Lists rates of any currency in any other, of a day or a period. */
export const listRates = (kit: PricingKit, context: PricingContext) =>
  implement(
    kit,
    pricingOperations.listRates,
    async ({ query }, reply) => {
      const page = await findRates(context, query, query.limit ?? defaultPage);
      if (query.format !== 'csv') return page;
      reply.header('x-as-of', page.as_of);
      if (page.missing.length > 0)
        reply.header('x-missing-currencies', page.missing.map(({ currency }) => currency).join(','));
      if (page.next_cursor !== null) reply.header('x-next-cursor', page.next_cursor);
      return reply.type('text/csv; charset=utf-8').send(writeRatesCsv(page.items));
    },
    plainJson,
  );
