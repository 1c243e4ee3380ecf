import { type PricingProblem, type PricingRunInput, ServiceError } from '@vindima/contracts';
import type { PricingContext } from '../context.ts';
import { knownAt } from '../db/recordings.ts';
import { createPriceTable } from '../lake/price-table.ts';
import { byRate } from '../prices/by-rate.ts';
import { inCategories, unknownCategories, unknownCategory } from '../prices/in-category.ts';
import { createPricer } from '../prices/price-item.ts';
import { pricedDays } from '../prices/priced-days.ts';
import { missingRates, outdated, publishedRates } from '../queries/published-rates.ts';
import { noRate } from '../rates/resolve-rate.ts';
import { toProblem } from './problem.ts';

const maximumRows = 2_000_000;

/**
 * Prices the products of a run: categories x currencies x days with a rate.
 *
 * @returns the rows, and what is missing among them
 * @throws ServiceError 422 `pricing.too_many_rows`
 */
export const priceRun = async (
  context: Pick<PricingContext, 'database' | 'sources' | 'catalogues' | 'config' | 'clock'>,
  { categories, currencies, from, to }: Required<PricingRunInput>,
) => {
  const { database, sources, catalogues, config, clock } = context;
  const now = clock();
  const problems: PricingProblem[] = [];
  const { sequence } = await knownAt(database.query);
  const base = config.STORE_CURRENCY;
  const present = await catalogues.of(sources.store, to, sequence);
  const bases = new Set([base, ...present.map(({ currency }) => currency)]);
  const published = await publishedRates(context, { from, to, currencies: [...bases, ...currencies], sequence });
  for (const category of unknownCategories(present, categories)) {
    problems.push(toProblem('prices', unknownCategory(category, present)));
  }
  const table = createPriceTable();
  for (const quote of currencies) {
    const days = pricedDays(published, { base, quote, from, to, now });
    if (days.length === 0) {
      const errors = await missingRates(context, [base, quote], { date: to, sequence, now });
      problems.push(...errors.map((error) => toProblem('prices', error)));
      continue;
    }
    const unsure = await outdated(context, days);
    if (unsure !== undefined) {
      problems.push(toProblem('prices', unsure));
      continue;
    }
    for (const rate of days) {
      const catalogue = await catalogues.of(sources.store, rate.requestedDate, sequence);
      const wanted = catalogue.filter((product) => inCategories(product, categories));
      for (const group of byRate(wanted, { published, quote, date: rate.requestedDate, now })) {
        if (group.rate === undefined) {
          problems.push(toProblem('prices', noRate(group.base, rate.requestedDate, undefined)));
          continue;
        }
        if (table.rows() + group.products.length > maximumRows) throw tooMany();
        for (const item of group.products.map(createPricer(group.rate, sources))) table.add(item);
      }
    }
  }
  const different = new Map(problems.map((problem) => [problem.error, problem]));
  return { table, problems: [...different.values()] };
};

const tooMany = () =>
  new ServiceError(
    422,
    'pricing.too_many_rows',
    `The run has more than ${maximumRows} prices. Ask for a shorter period, or for fewer currencies or categories.`,
  );
