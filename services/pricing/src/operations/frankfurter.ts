import { frankfurterOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { dateOf } from '../calendar/dates.ts';
import type { PricingContext, PricingKit } from '../context.ts';
import { currencyList, currencyNames, ratesOfDay, ratesOfPeriod, recordsOf } from '../frankfurter/answers.ts';
import { plainJson } from './json.ts';

/** Speaks Frankfurter's API, at its own paths and under `/frankfurter`. */
export const frankfurter = (kit: PricingKit, context: PricingContext) => {
  const operations = frankfurterOperations;
  for (const operation of [operations.latestV1, operations.frankfurterLatestV1]) {
    implement(kit, operation, ({ query }) => ratesOfDay(context, dateOf(context.clock()), query), plainJson);
  }
  for (const operation of [operations.ratesV1, operations.frankfurterRatesV1]) {
    implement(
      kit,
      operation,
      ({ params, query }) => {
        const [from = '', to] = params.date.split('..');
        if (to === undefined) return ratesOfDay(context, from, query);
        return ratesOfPeriod(context, from, to === '' ? dateOf(context.clock()) : to, query);
      },
      plainJson,
    );
  }
  for (const operation of [operations.currenciesV1, operations.frankfurterCurrenciesV1]) {
    implement(kit, operation, () => currencyNames(context), plainJson);
  }
  for (const operation of [operations.currenciesV2, operations.frankfurterCurrenciesV2]) {
    implement(kit, operation, () => currencyList(context), plainJson);
  }
  for (const operation of [operations.ratesV2, operations.frankfurterRatesV2]) {
    implement(
      kit,
      operation,
      async ({ query, headers }, reply) => {
        const records = await recordsOf(context, query);
        if (!String(headers.accept ?? '').includes('application/x-ndjson')) return records;
        return reply.type('application/x-ndjson').send(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
      },
      plainJson,
    );
  }
};
