import { unreadable } from '../refuse.ts';
import type { RowSink } from '../row-sink.ts';
import type { Warnings } from '../warnings.ts';
import type { Package } from './package.ts';
import { type CellValue, columnLetters, columnOf, readCell, type SheetContext } from './read-cell.ts';
import { readXml } from './xml.ts';

/** What of a sheet is beside its cells. */
export interface SheetFacts {
  /** The numbers of the rows that have values, from 1, in the order of the sink. */
  readonly rowNumbers: readonly number[];
  /** Areas of cells that are shown as one, such as `A2:A5`. */
  readonly merged: readonly string[];
}

const maximumRow = 1_048_576;
const maximumMerged = 10_000;

/**
 * Reads the cells of a worksheet into `sink`, row by row, column A in place 0. Rows without any value are left out, and
 * counted in a warning where they stand between others. Errors such as #DIV/0! are missing values, reported with their cell.
 */
export const readSheet = async (
  archive: Package,
  part: string,
  context: SheetContext,
  sink: Pick<RowSink, 'column' | 'set' | 'endRow' | 'drain'>,
  warnings: Warnings,
  enough = maximumRow,
): Promise<SheetFacts> => {
  const rowNumbers: number[] = [];
  const merged: string[] = [];
  let row = 0;
  let column = -1;
  let lastRow: number | undefined;
  let blank = 0;
  let cellsInRow: ({ column: number } & CellValue)[] = [];
  let cell: { column: number; type: string; style: number } | undefined;
  let value = '';
  let inline = '';
  let hasValue = false;
  let capture: 'value' | 'inline' | undefined;
  let phonetic = 0;
  let isFormula = false;

  const isWanted = (place: number): boolean => {
    const { area } = context;
    return (
      area === undefined || (row >= area.row && row <= area.lastRow && place >= area.column && place <= area.lastColumn)
    );
  };

  const endRow = () => {
    cellsInRow = cellsInRow.filter((one) => isWanted(one.column));
    if (cellsInRow.length === 0) return;
    if (lastRow !== undefined) blank += row - lastRow - 1;
    for (const one of cellsInRow) {
      // An error is a cell of the table, though it has no value.
      if (one.text === undefined) sink.column(one.column);
      else sink.set(one.column, one.text, one.kind);
    }
    sink.endRow();
    rowNumbers.push(row);
    lastRow = row;
    cellsInRow = [];
  };

  await readXml(await archive.open(part), part, {
    open: (name, attributes) => {
      if (name === 'row') {
        const given = Number(attributes.r ?? row + 1);
        if (!Number.isInteger(given) || given <= row || given > maximumRow) {
          throw unreadable('damaged_workbook', `Row ${row + 1} is numbered ${attributes.r}.`, { row: row + 1 });
        }
        row = given;
        column = -1;
      } else if (name === 'c') {
        const reference = attributes.r;
        column = reference === undefined ? column + 1 : columnOf(reference);
        cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s || 0) };
        value = '';
        inline = '';
        hasValue = false;
        isFormula = false;
      } else if (name === 'mergeCell') {
        if (merged.length < maximumMerged) merged.push(attributes.ref ?? '');
      } else if (cell !== undefined) {
        if (name === 'f') isFormula = true;
        if (name === 'rPh') phonetic += 1;
        if (name === 'v') {
          capture = 'value';
          hasValue = true;
        } else if (name === 't' && phonetic === 0) {
          capture = 'inline';
          hasValue = true;
        }
      }
    },
    text: (text) => {
      if (capture === 'value') value += text;
      else if (capture === 'inline') inline += text;
    },
    close: (name) => {
      capture = undefined;
      if (name === 'rPh') phonetic -= 1;
      if (name === 'row') endRow();
      if (name !== 'c' || cell === undefined) return;
      if (hasValue) {
        const read = readCell(cell.type, value, inline, context.meanings[cell.style] ?? 'number', context, () =>
          warnings.add({
            code: 'error_value',
            message: `Cell ${columnLetters(cell?.column ?? 0)}${row} holds the error ${value}; it was read as missing`,
            line: row,
          }),
        );
        if (read !== undefined) cellsInRow.push({ column: cell.column, ...read });
      }
      if (isFormula && (!hasValue || (cell.type === 'n' && value.trim() === ''))) {
        const place = `${columnLetters(cell.column)}${row}`;
        warnings.add({
          code: 'formula_without_value',
          message: `Cell ${place} holds a formula whose value the file does not have; open and save it in a spreadsheet to store it`,
          line: row,
        });
        cellsInRow.push({ column: cell.column, text: undefined });
      }
      cell = undefined;
    },
    pause: () => sink.drain(),
    done: () => rowNumbers.length >= enough,
  });
  if (blank > 0) warnings.add({ code: 'blank_lines', message: `${blank} rows without values were left out` });
  return { rowNumbers, merged };
};
