import type { WineFigure } from '@vindima/contracts';
import { missingReasons, type SeriesTable } from '../vitibrasil/table.ts';
import type { Selection } from './select.ts';

/** The columns of the long table, in the order of every format. */
export const figureColumns = [
  'series',
  'row_number',
  'section',
  'control',
  'name',
  'footnote',
  'country',
  'year',
  'measure',
  'value',
  'unit',
  'missing_reason',
  'is_total',
] as const satisfies readonly (keyof WineFigure)[];

/** Yields the figures of a selection, from `offset` on, at most `limit` of them. */
export function* figures(
  table: SeriesTable,
  selection: Selection,
  offset = 0,
  limit = Number.POSITIVE_INFINITY,
): Generator<WineFigure> {
  const width = selection.columns.length;
  const end = Math.min(offset + limit, selection.rows.length * width);
  for (let index = offset; index < end; index++) {
    const rowIndex = selection.rows[Math.floor(index / width)] ?? 0;
    const columnIndex = selection.columns[index % width] ?? 0;
    const row = table.rows[rowIndex];
    const column = table.columns[columnIndex];
    if (row === undefined || column === undefined) return;
    const position = rowIndex * table.columns.length + columnIndex;
    const value = table.values[position] ?? Number.NaN;
    yield {
      series: table.series.id,
      row_number: row.number,
      section: row.section,
      control: row.control,
      name: row.name,
      footnote: row.footnote,
      country: row.country,
      year: column.year,
      measure: column.measure.measure,
      value: Number.isNaN(value) ? null : value,
      unit: column.measure.unit,
      missing_reason: missingReasons[table.missing[position] ?? 0] ?? null,
      is_total: row.isTotal,
    };
  }
}
