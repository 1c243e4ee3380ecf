import type { WineForecastItem } from '@vindima/contracts';
import { doubtfulColumns } from '../judge/doubtful.ts';
import { tidyOf } from '../tidy/figures.ts';
import type { SeriesTable } from '../vitibrasil/table.ts';
import type { ForecastRow } from './forecast-rows.ts';

/** What is forecast, before it is. */
export interface Subject extends ForecastRow {
  readonly about: Pick<
    WineForecastItem,
    'series' | 'section' | 'name' | 'country' | 'level' | 'measure' | 'unit' | 'left_out'
  >;
}

const keyOf = (section: string | null, name: string | null) => JSON.stringify([section, name]);

/**
 * Lists what is forecast of a table: every row and measure, the total of every section, and of the whole series. Doubtful years, and zeros below a total
 * that is not 0, are unknown. A total of the series is known where that of every section is; of countries it is the sum of those with a figure.
 */
export const subjectsOf = (table: SeriesTable): Subject[] => {
  const years = [...new Set(table.columns.map(({ year }) => year))].sort((a, b) => a - b);
  const [firstYear = 0] = years;
  const bySections = table.series.hierarchy === 'sections';
  return table.series.measures.flatMap(({ measure, unit }) => {
    const doubtful = doubtfulColumns(table).flatMap(({ column }) => {
      const found = table.columns[column];
      return found?.measure.measure === measure ? [found.year] : [];
    });
    const places = new Map(years.map((year, index) => [year, index]));
    const empty = () => years.map((): number | null => null);
    const rows = new Map<string, { about: Subject['about']; values: (number | null)[] }>();
    const whole: { sum: number; known: number; unknown: number }[] = years.map(() => ({
      sum: 0,
      known: 0,
      unknown: 0,
    }));
    const about = (
      level: Subject['about']['level'],
      section: string | null,
      name: string | null,
      country: string | null,
    ) => ({
      series: table.series.id,
      section,
      name,
      country,
      level,
      measure,
      unit,
      left_out: doubtful,
    });
    const seen = new Map<string, number>();
    for (const figure of tidyOf(table)) {
      if (figure.is_residual) continue;
      const place = places.get(figure.year) ?? 0;
      const value = measure === 'quantity' ? figure.quantity : figure.value_usd;
      const name = figure.is_total ? null : figure.name;
      const plain = `${keyOf(figure.section, name)} ${figure.year}`;
      const count = (seen.get(plain) ?? 0) + 1;
      seen.set(plain, count);
      const key = `${keyOf(figure.section, name)} ${count}`;
      const row = rows.get(key) ?? {
        about: about(figure.is_total ? 'section' : 'row', figure.section, name, figure.country),
        values: empty(),
      };
      rows.set(key, row);
      row.values[place] = doubtful.includes(figure.year) ? null : value;
      const counts = bySections ? figure.is_total || figure.name === figure.section : !figure.is_total;
      const total = whole[place];
      if (!counts || total === undefined) continue;
      if (value === null) total.unknown += 1;
      else {
        total.known += 1;
        total.sum += value;
      }
    }
    const totals = whole.map(({ sum, known, unknown }, index) =>
      known === 0 || (bySections && unknown > 0) || doubtful.includes(years[index] ?? 0) ? null : sum,
    );
    const series = { about: about('series', null, null, null), values: totals };
    return [...rows.values(), series].map(({ about: what, values }) => {
      // What is not known yet at the end is no gap.
      const last = values.findLastIndex((value) => value !== null);
      return { about: what, firstYear, values: values.slice(0, last + 1) };
    });
  });
};
