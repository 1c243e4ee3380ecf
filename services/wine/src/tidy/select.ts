import { ServiceError, type WineFilter, type WineTidyFigure } from '@vindima/contracts';
import { countryOf } from '../catalogue/countries.ts';
import { rowTest } from '../query/vocabulary.ts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import { tidyOf } from './figures.ts';

const isWanted = (totals: WineFilter['totals'], isTotal: boolean) =>
  totals === 'include' || isTotal === (totals === 'only');

/**
 * Finds the tidy rows that a filter asks for. A residual belongs to its section: it is there unless names or countries are asked for.
 *
 * @throws 400 `wine.invalid_years`; 404 `wine.no_match`
 */
export const selectTidy = (table: SeriesTable, filter: WineFilter): WineTidyFigure[] => {
  const { year_from: from = -Infinity, year_to: to = Infinity, measure, totals = 'exclude' } = filter;
  if (from > to) throw new ServiceError(400, 'wine.invalid_years', `year_from (${from}) is after year_to (${to}).`);
  const test = rowTest([table], filter);
  const keyOf = (section: string | null, name: string, country: string | null) =>
    JSON.stringify([section, name, country]);
  const wanted = new Set(
    table.rows
      .filter(test)
      .map((row) => keyOf(row.section, row.name, row.country === null ? null : countryOf(row.country).name)),
  );
  const sections = new Set(table.rows.filter(test).map(({ section }) => section));
  const named = filter.name !== undefined || filter.country !== undefined;
  return tidyOf(table)
    .filter(
      (figure) =>
        figure.year >= from &&
        figure.year <= to &&
        isWanted(totals, figure.is_total) &&
        (figure.is_residual
          ? !named && sections.has(figure.section)
          : wanted.has(keyOf(figure.section, figure.name, figure.country))),
    )
    .map((figure) =>
      measure === undefined
        ? figure
        : { ...figure, ...(measure === 'quantity' ? { value_usd: null } : { quantity: null }) },
    );
};
