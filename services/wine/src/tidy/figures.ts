import { notItemised, type WineTidyFigure } from '@vindima/contracts';
import { countryOf } from '../catalogue/countries.ts';
import { partsOf, rounded, tolerance } from '../checks/totals.ts';
import { doubtfulColumns } from '../judge/doubtful.ts';
import { missingReasons, type Row, type SeriesTable } from '../vitibrasil/table.ts';

/** The columns of the tidy form, in the order of every format. */
export const tidyColumns = [
  'series',
  'section',
  'name',
  'country',
  'iso',
  'year',
  'quantity',
  'unit',
  'value_usd',
  'is_total',
  'doubtful',
  'missing_reason',
  'is_residual',
] as const satisfies readonly (keyof WineTidyFigure)[];

/** A figure of a row and a column that stands for more than the file says of it. */
interface Corrections {
  /** Figures that are 0 in the file and unknown in truth; `row * columns + column`. */
  readonly unknown: ReadonlySet<number>;
  /** What a total has more than its rows, by `total row * columns + column`. */
  readonly residuals: ReadonlyMap<number, number>;
}

/**
 * Compares totals with their rows. Where all rows are 0 or missing below a total that is not, they are unknown and the whole total is the residual.
 */
const correct = (table: SeriesTable): Corrections => {
  const { rows, columns, values } = table;
  const unknown = new Set<number>();
  const residuals = new Map<number, number>();
  for (const [total, row] of rows.entries()) {
    if (!row.isTotal) continue;
    const parts = partsOf(table, total);
    for (const column of columns.keys()) {
      const at = (index: number) => values[index * columns.length + column] ?? Number.NaN;
      const reported = at(total);
      if (Number.isNaN(reported)) continue;
      const sum = parts.reduce((before, part) => before + (at(part) || 0), 0);
      if (Math.abs(reported - sum) < tolerance) continue;
      residuals.set(total * columns.length + column, rounded(reported - sum));
      if (parts.some((part) => at(part) > 0)) continue;
      for (const part of parts) if (at(part) === 0) unknown.add(part * columns.length + column);
    }
  }
  return { unknown, residuals };
};

interface YearPlace {
  readonly year: number;
  readonly quantity: number | undefined;
  readonly value: number | undefined;
  readonly doubtful: boolean;
}

const yearPlaces = (table: SeriesTable): YearPlace[] => {
  const doubtful = new Set(doubtfulColumns(table).map(({ column }) => column));
  const years = [...new Set(table.columns.map(({ year }) => year))].sort((a, b) => a - b);
  return years.map((year) => {
    const find = (measure: string) => {
      const place = table.columns.findIndex((column) => column.year === year && column.measure.measure === measure);
      return place === -1 ? undefined : place;
    };
    const [quantity, value] = [find('quantity'), find('value')];
    return { year, quantity, value, doubtful: doubtful.has(quantity ?? -1) || doubtful.has(value ?? -1) };
  });
};

const identify = (row: Row, table: SeriesTable) => {
  const country = row.country === null ? undefined : countryOf(row.country);
  return {
    series: table.series.id,
    section: row.section,
    name: row.name,
    country: country?.name ?? null,
    iso: country?.iso ?? null,
  };
};

/**
 * Makes the tidy form of a table: a row for each name and year, totals and residuals among them. Without the totals the rows of every section
 * add up to what was published for it.
 */
export const tidyFigures = (table: SeriesTable): WineTidyFigure[] => {
  const { rows, columns, values, missing, series } = table;
  const { unknown, residuals } = correct(table);
  const places = yearPlaces(table);
  const unit = series.measures[0]?.unit === 'L' ? 'L' : 'kg';
  const figures: WineTidyFigure[] = [];
  // What is not itemised stands behind the rows of its section.
  const rest: WineTidyFigure[] = [];
  for (const [index, row] of rows.entries()) {
    if (row.section !== null && row.section !== rows[index - 1]?.section) figures.push(...rest.splice(0));
    const read = (column: number | undefined) => {
      if (column === undefined) return { value: null, reason: null };
      const position = index * columns.length + column;
      const value = values[position] ?? Number.NaN;
      if (unknown.has(position)) return { value: null, reason: 'not_itemised' as const };
      return { value: Number.isNaN(value) ? null : value, reason: missingReasons[missing[position] ?? 0] ?? null };
    };
    for (const { year, quantity, value, doubtful } of places) {
      const [amount, dollars] = [read(quantity), read(value)];
      figures.push({
        ...identify(row, table),
        year,
        quantity: amount.value,
        unit,
        value_usd: dollars.value,
        is_total: row.isTotal,
        doubtful,
        missing_reason: amount.reason ?? dollars.reason,
        is_residual: false,
      });
      if (!row.isTotal) continue;
      const residual = (column: number | undefined) =>
        column === undefined ? null : (residuals.get(index * columns.length + column) ?? null);
      const [residue, residueValue] = [residual(quantity), residual(value)];
      if (residue === null && residueValue === null) continue;
      rest.push({
        ...identify(row, table),
        name: notItemised,
        year,
        quantity: residue,
        unit,
        value_usd: residueValue,
        is_total: false,
        doubtful,
        missing_reason: null,
        is_residual: true,
      });
    }
  }
  return [...figures, ...rest];
};

const made = new WeakMap<SeriesTable, WineTidyFigure[]>();

/** The same, made once for each table. */
export const tidyOf = (table: SeriesTable): readonly WineTidyFigure[] => {
  const found = made.get(table) ?? tidyFigures(table);
  made.set(table, found);
  return found;
};
