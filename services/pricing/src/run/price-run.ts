import { type PricingProblem, type PricingRunInput, ServiceError } from '@vindima/contracts';
import { addDays } from '../calendar.ts';
import type { PricingContext } from '../context.ts';
import { lastRateDate, ratesBetween } from '../db/rates.ts';
import { knownAt } from '../db/recordings.ts';
import { createPriceTable } from '../lake/price-table.ts';
import { byRate } from '../prices/by-rate.ts';
import { inCategories, unknownCategories, unknownCategory } from '../prices/in-category.ts';
import { createPricer } from '../prices/price-item.ts';
import { pricedDays } from '../prices/priced-days.ts';
import { requireCoverage } from '../queries/published-rates.ts';
import { maximumAgeDays, noRate } from '../rates/resolve-rate.ts';
import { toProblem } from './problem.ts';

const maximumRows = 2_000_000;

/**
 * Prices the products of a run: categories x currencies x days with a rate.
 *
 * @returns the rows, and what is missing among them
 * @throws ServiceError 422 `pricing.too_many_rows`
 */
export const priceRun = async (
  context: Pick<PricingContext, 'database' | 'sources' | 'catalogues' | 'config'>,
  { categories, currencies, from, to }: Required<PricingRunInput>,
) => {
  const { database, sources, catalogues, config } = context;
  const problems: PricingProblem[] = [];
  const { sequence } = await knownAt(database.query);
  const base = config.STORE_CURRENCY;
  const { provider } = sources;
  const present = await catalogues.of(sources.store, to, sequence);
  const published = await ratesBetween(database.query, {
    provider,
    from: addDays(from, -maximumAgeDays),
    to,
    currencies: [...new Set([base, ...present.map(({ currency }) => currency), ...currencies])],
    knownAt: sequence,
  });
  for (const category of unknownCategories(present, categories)) {
    problems.push(toProblem('prices', unknownCategory(category, present)));
  }
  const table = createPriceTable();
  for (const quote of currencies) {
    const days = pricedDays(published, { base, quote, from, to });
    if (days.length === 0) problems.push(...(await missingRates(context, [base, quote], { to, sequence })));
    for (const rate of days) {
      const catalogue = await catalogues.of(sources.store, rate.requestedDate, sequence);
      const wanted = catalogue.filter((product) => inCategories(product, categories));
      for (const group of byRate(wanted, { published, quote, date: rate.requestedDate })) {
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

/** Says which of two currencies has no rate that may be used; where the days were never asked for, only that. */
const missingRates = async (
  context: Pick<PricingContext, 'database' | 'sources'>,
  pair: readonly string[],
  { to, sequence }: { readonly to: string; readonly sequence: number },
): Promise<PricingProblem[]> => {
  const oldest = addDays(to, -maximumAgeDays);
  try {
    await requireCoverage(context, oldest);
  } catch (error) {
    return [toProblem('prices', error)];
  }
  const { provider } = context.sources;
  const problems: PricingProblem[] = [];
  for (const currency of pair.filter((code) => code !== 'EUR')) {
    const last = await lastRateDate(context.database.query, { provider, currency, date: to, sequence });
    if (last === undefined || last < oldest) problems.push(toProblem('prices', noRate(currency, to, last)));
  }
  return problems;
};

const tooMany = () =>
  new ServiceError(
    422,
    'pricing.too_many_rows',
    `The run has more than ${maximumRows} prices. Ask for a shorter period, or for fewer currencies or categories.`,
  );
