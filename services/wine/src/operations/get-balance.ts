import { type WineSeriesId, wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { readPeriod } from '../analysis/statement.ts';
import { balance, products } from '../balance/balance.ts';
import { findSeries } from '../catalogue/find.ts';
import type { WineContext } from '../context.ts';
import { tidyOf } from '../tidy/figures.ts';

/** Answers what is produced, sold, exported and imported of a product, and what that leaves. */
export const getBalance = (context: WineContext) =>
  implement(context, wineOperations.getBalance, async ({ query }) => {
    const { unit, flows, assumptions } = products[query.product];
    const ids = [...new Set(Object.values(flows).flatMap(({ series }) => series))];
    const served = await Promise.all(
      ids.map(async (id) => [id, tidyOf((await context.shelf.at(findSeries(id), query.as_of)).table)] as const),
    );
    const figures = new Map<WineSeriesId, ReturnType<typeof tidyOf>>(served);
    const [from, to] = readPeriod(query.period);
    const items = balance(query.product, (series) => figures.get(series) ?? []);
    return {
      product: query.product,
      unit,
      series: Object.fromEntries(
        Object.entries(flows).map(([name, { series, sections, names }]) => [
          name,
          [series.join(' + '), ...(sections ?? []), ...(names ?? [])].join(': '),
        ]),
      ),
      assumptions: [...assumptions],
      items: items.filter(({ year }) => year >= from && year <= to),
    };
  });
