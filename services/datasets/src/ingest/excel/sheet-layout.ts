import { filledWidth, findLayout, type LayoutOptions } from '../layout/find-layout.ts';
import { footerStart, isSparse } from '../layout/footer.ts';
import type { LayoutRow } from '../layout/header.ts';
import { type Look, lookOf } from '../layout/looks.ts';
import type { KeptRow, RowSink, SinkCell } from '../row-sink.ts';
import type { Warnings } from '../warnings.ts';
import { areaOf } from './merged-cells.ts';
import type { SheetFacts } from './read-sheet.ts';

/** Where the table of a sheet is. */
export interface SheetTable {
  /** Its columns, by their places in the sink. */
  readonly places: readonly number[];
  readonly header: boolean;
  readonly names: readonly (string | undefined)[];
  /** Rows of the sink that are none of it. */
  readonly left: ReadonlySet<number>;
  /** The first row of values. */
  readonly body: number;
}

/** Finds titles, header, units and notes among the rows of a sheet, as in a table of text. */
export const findTable = (sink: RowSink, facts: SheetFacts, options: LayoutOptions, warnings: Warnings): SheetTable => {
  const all = Array.from({ length: sink.width }, (_, place) => place).filter((place) => sink.kinds(place).size > 0);
  const first = all[0] ?? 0;
  const width = Math.max(1, (all.at(-1) ?? 0) - first + 1);
  const head = headRows(sink, facts, first, width);
  const layout = findLayout(
    head.map(({ row }) => row),
    width,
    options,
  );
  const above = layout.preamble + layout.headerRows + layout.unitRows;
  const left = new Set<number>(head.slice(0, above).flatMap(({ index }) => index));
  for (const { index, row } of head.slice(0, layout.preamble))
    tell(warnings, 'preamble', facts, index, row, 'stands above the table');
  for (const { index, row } of head.slice(above - layout.unitRows, above)) {
    tell(warnings, 'units_row', facts, index, row, 'holds the units of the columns');
  }
  for (const { index, row } of footRows(sink, facts, first, width, above)) {
    left.add(index);
    tell(warnings, 'footer', facts, index, row, 'stands under the table');
  }
  const names = layout.names?.map((name) => (name.trim() === '' ? undefined : name));
  const places = Array.from({ length: width }, (_, index) => first + index);
  // Titles may stand beside the table: columns that have neither name nor value are none of it.
  const used = places.map((place, index) => names?.[index] !== undefined || sink.kinds(place, left).size > 0);
  const from = Math.max(0, used.indexOf(true));
  const to = used.lastIndexOf(true) + 1;
  return {
    places: places.slice(from, to),
    header: names !== undefined,
    names: places.slice(from, to).map((_, index) => names?.[from + index]),
    left,
    body: above,
  };
};

interface PlacedRow {
  /** In the sink. */
  readonly index: number;
  readonly row: LayoutRow;
}

const headRows = (sink: RowSink, { rowNumbers, merged }: SheetFacts, first: number, width: number): PlacedRow[] => {
  const rows: PlacedRow[] = [];
  for (let index = 0; index < sink.rows; index += 1) {
    const kept = sink.kept.get(index);
    if (kept === undefined) break;
    rows.push({ index, row: layoutRow(kept, first, width) });
  }
  return repeatMerged(rows, rowNumbers, merged, first);
};

/** Names that are merged over several columns are the names of each; those over several rows stand in the first. */
const repeatMerged = (
  rows: readonly PlacedRow[],
  rowNumbers: readonly number[],
  merged: readonly string[],
  first: number,
): PlacedRow[] => {
  const cells = rows.map(({ row }) => [...row.cells]);
  for (const { column, lastColumn, row, lastRow } of merged.flatMap(areaOf)) {
    const place = rowNumbers.indexOf(row);
    const one = cells[place];
    // A title over the whole table is no name.
    if (one === undefined || lastRow !== row || lastColumn - column + 1 >= one.length) continue;
    for (let at = column + 1; at <= lastColumn; at += 1) one[at - first] ??= one[column - first] ?? '';
    for (let at = column + 1; at <= lastColumn; at += 1)
      if (one[at - first] === '') one[at - first] = one[column - first] ?? '';
  }
  return rows.map(({ index, row }, place) => {
    const repeated = cells[place] ?? [];
    return {
      index,
      row: {
        cells: repeated,
        looks: repeated.map((cell, at) => (row.cells[at] === cell ? (row.looks[at] ?? 'empty') : lookOf(cell))),
      },
    };
  });
};

const footRows = (
  sink: RowSink,
  { rowNumbers }: SheetFacts,
  first: number,
  width: number,
  above: number,
): PlacedRow[] => {
  const rows: (PlacedRow & { gap: boolean })[] = [];
  for (let index = sink.rows - 1; index >= above; index -= 1) {
    const kept = sink.kept.get(index);
    if (kept === undefined) break;
    const row = layoutRow(kept, first, width);
    if (!isSparse(row, width)) break;
    const gap = index > 0 && (rowNumbers[index] ?? 0) - (rowNumbers[index - 1] ?? 0) > 1;
    rows.unshift({ index, row, gap });
  }
  const shown = rows.flatMap(({ index, row, gap }) => [
    ...(gap ? [{ index: -1, row: emptyRow(width) }] : []),
    { index, row },
  ]);
  return shown
    .slice(
      footerStart(
        shown.map(({ row }) => row),
        width,
      ),
    )
    .filter(({ index }) => index >= 0);
};

const emptyRow = (width: number): LayoutRow => ({
  cells: new Array(width).fill(''),
  looks: new Array(width).fill('empty'),
});

const layoutRow = (kept: KeptRow, first: number, width: number): LayoutRow => {
  const cells = Array.from({ length: width }, (_, index) => kept[first + index]);
  return { cells: cells.map((cell) => cell?.text ?? ''), looks: cells.map(lookOfCell) };
};

const lookOfCell = (cell: SinkCell | undefined): Look => {
  if (cell === undefined) return 'empty';
  switch (cell.kind) {
    case 'integer':
    case 'number':
    case 'decimal':
    case 'exact':
      return 'number';
    case 'date':
    case 'datetime':
    case 'datetime_tz':
      return 'date';
    case 'time':
    case 'boolean':
      return cell.kind;
    default:
      return lookOf(cell.text);
  }
};

const tell = (
  warnings: Warnings,
  code: string,
  { rowNumbers }: SheetFacts,
  index: number,
  row: LayoutRow,
  what: string,
) => {
  const text = row.cells.slice(0, filledWidth(row)).filter((cell) => cell !== '');
  const line = rowNumbers[index] ?? index + 1;
  warnings.add({ code, message: `Row ${line} ${what} and was left out: ${text.join(' | ').slice(0, 200)}`, line });
};
