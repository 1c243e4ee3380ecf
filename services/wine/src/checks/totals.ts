import type { WineChecks, WineMismatch } from '@vindima/contracts';
import { doubtfulColumns } from '../judge/doubtful.ts';
import type { SeriesTable } from '../vitibrasil/table.ts';

/** Figures have at most two decimals; what differs by less is the arithmetic of doubles. */
export const tolerance = 0.005;
export const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

/** The rows that a total is the sum of: those of its section, or all others where it has none. */
export const partsOf = (table: SeriesTable, total: number): number[] => {
  const parts: number[] = [];
  const section = table.rows[total]?.section ?? null;
  for (let row = section === null ? 0 : total + 1; row < table.rows.length; row++) {
    const candidate = table.rows[row];
    if (section !== null && candidate?.section !== section) break;
    if (candidate?.isTotal === false) parts.push(row);
  }
  return parts;
};

/**
 * Compares every reported total with the sum of its parts. Parts without a figure count as nothing and are counted; a total
 * that is missing, or has no part with a figure, cannot be compared.
 */
export const checkTotals = (table: SeriesTable): WineChecks => {
  const { rows, columns, values, series } = table;
  const mismatches: WineMismatch[] = [];
  let totals = 0;
  let notComparable = 0;
  for (const [index, row] of rows.entries()) {
    if (!row.isTotal) continue;
    const parts = partsOf(table, index);
    for (const [column, { year, measure }] of columns.entries()) {
      const reported = values[index * columns.length + column] ?? Number.NaN;
      const figures = parts.map((part) => values[part * columns.length + column] ?? Number.NaN);
      const present = figures.filter((figure) => !Number.isNaN(figure));
      if (Number.isNaN(reported) || present.length === 0) {
        notComparable += 1;
        continue;
      }
      totals += 1;
      const sum = present.reduce((before, figure) => before + figure, 0);
      if (Math.abs(reported - sum) < tolerance) continue;
      mismatches.push({
        section: row.section ?? row.name,
        row_number: row.number,
        year,
        ...measure,
        reported,
        sum_of_parts: rounded(sum),
        difference: rounded(reported - sum),
        missing_parts: figures.length - present.length,
      });
    }
  }
  const doubtful = doubtfulColumns(table).map(({ column, steady, outOfStep }) => ({
    year: columns[column]?.year ?? 0,
    measure: columns[column]?.measure.measure ?? 'quantity',
    steady_rows: steady,
    out_of_step: outOfStep,
  }));
  return { series: series.id, totals, not_comparable: notComparable, mismatches, doubtful };
};
