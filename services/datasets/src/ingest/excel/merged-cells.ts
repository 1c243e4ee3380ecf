import type { RowSink, SinkCell } from '../row-sink.ts';
import type { Warnings } from '../warnings.ts';
import { columnOf } from './read-cell.ts';
import type { SheetFacts } from './read-sheet.ts';

/** Cells from one to another, both among them; columns from 0, rows from 1. */
export interface Area {
  readonly column: number;
  readonly lastColumn: number;
  readonly row: number;
  readonly lastRow: number;
}

export const wholeSheet: Area = { column: 0, lastColumn: 16_383, row: 1, lastRow: 1_048_576 };

/**
 * Gives the value of merged cells to every row that they span in the body of a table: a workbook stores it in the first one
 * only. `value` finds what a cell of the sink holds.
 */
export const fillMerged = async (
  sink: RowSink,
  { merged, rowNumbers }: SheetFacts,
  body: number,
  value: (column: number, row: number) => Promise<SinkCell | undefined>,
  warnings: Warnings,
): Promise<void> => {
  let filled = 0;
  for (const { column, row, lastRow } of merged.flatMap(areaOf)) {
    if (lastRow === row) continue;
    const first = rowNumbers.indexOf(row);
    if (first < body) continue;
    const end = rowNumbers.findIndex((number) => number > lastRow);
    const to = end === -1 ? rowNumbers.length : end;
    const cell = await value(column, first);
    if (cell === undefined || to <= first + 1) continue;
    await sink.fill(column, first + 1, to, cell);
    filled += 1;
  }
  if (filled > 0) {
    warnings.add({
      code: 'merged_cells',
      message: `${filled} merged cells span several rows; each row was given their value`,
    });
  }
};

/** The cells that a reference such as `A2:B5` names, from 0 across and from 1 down; none where it is not one. */
export const areaOf = (reference: string): Area[] => {
  const [, first, row, last, lastRow] = /^([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)$/i.exec(reference) ?? [];
  if (first === undefined || last === undefined) return [];
  return [{ column: columnOf(first), lastColumn: columnOf(last), row: Number(row), lastRow: Number(lastRow) }];
};
