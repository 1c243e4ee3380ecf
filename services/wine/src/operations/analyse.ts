import { join } from 'node:path';
import { notItemised, ServiceError, type WineAnalysisQuery, wineMediaTypes, wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { createAnalysisEngine, type Scope } from '../analysis/engine.ts';
import { groupsOf, readPeriod } from '../analysis/statement.ts';
import { toWide } from '../analysis/wide.ts';
import { findSeries } from '../catalogue/find.ts';
import type { WineContext } from '../context.ts';
import { toCsv } from '../query/text.ts';
import { rowTest } from '../query/vocabulary.ts';
import type { Served } from '../shelf/shelf.ts';

const columns = { quantity: 'quantity', value: 'value_usd', price: 'price_usd' } as const;

/** The rows that the names of a query leave; those not itemised belong to their section. */
const rowsOf = (served: readonly Served[], query: WineAnalysisQuery): Scope['rows'] => {
  if (query.section === undefined && query.name === undefined && query.country === undefined) return undefined;
  const tables = served.map(({ table }) => table);
  const test = rowTest(tables, query);
  const itemised = query.name !== undefined || query.country !== undefined;
  return tables.flatMap(({ series, rows }) =>
    rows.filter(test).flatMap(({ section, name }) => {
      const row = [series.id, section ?? '', name] as const;
      return itemised ? [row] : [row, [series.id, section ?? '', notItemised] as const];
    }),
  );
};

/** Answers sums, prices, shares, growth and ranks. */
export const analyse = (context: WineContext) => {
  const { shelf, config, onStop } = context;
  const engine = createAnalysisEngine(join(config.DATA_DIR, 'wine-analysis'));
  onStop(async () => engine.close());
  implement(context, wineOperations.analyse, async ({ query }, reply) => {
    const ids = [...new Set(query.series.split(','))];
    const served = await Promise.all(ids.map((id) => shelf.at(findSeries(id), query.as_of)));
    const { measure = 'quantity' } = query;
    if (measure !== 'quantity' && served.every(({ table }) => table.series.measures.length === 1)) {
      throw new ServiceError(400, 'wine.no_measure', `None of ${ids.join(', ')} has values; they have quantities.`);
    }
    const asked = query.form === 'wide' ? { ...query, group_by: `${query.group_by ?? 'year'},year` } : query;
    const scope = { served, rows: rowsOf(served, query), years: readPeriod(query.period) };
    const { rows, total } = await engine.ask(asked, scope);
    const groups = groupsOf(asked.group_by);
    const items = query.form === 'wide' ? toWide(rows, groups, columns[measure], query.limit ?? rows.length) : rows;
    if (query.format === 'csv') {
      return reply.type(`${wineMediaTypes.csv}; charset=utf-8`).send(toCsv(Object.keys(items[0] ?? {}), items));
    }
    return { series: ids.map((id) => findSeries(id).id), group_by: groups, measure, total, items };
  });
};
