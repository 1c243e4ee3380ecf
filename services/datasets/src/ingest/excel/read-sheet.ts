import { unreadable } from '../refuse.ts';
import type { CellKind, RowSink } from '../row-sink.ts';
import type { Warnings } from '../warnings.ts';
import type { NumberMeaning } from './formats.ts';
import type { Package } from './package.ts';
import { serialToIso } from './serial-date.ts';
import { decodeEscapes } from './shared-strings.ts';
import { attribute, readXml } from './xml.ts';

export interface SheetContext {
  readonly strings: readonly string[];
  readonly meanings: readonly NumberMeaning[];
  readonly date1904: boolean;
}

/** What a cell holds; an error is a value that is missing. */
type CellValue = { readonly text: string; readonly kind: CellKind } | { readonly text: undefined };

const maximumRow = 1_048_576;
const maximumColumn = 16_384;

/**
 * Reads the cells of a worksheet into `sink`, row by row, column A in place 0. Rows without any value are left out, and
 * counted in a warning where they stand between others. Errors such as #DIV/0! are missing values, reported with their cell.
 */
export const readSheet = async (
  archive: Package,
  part: string,
  context: SheetContext,
  sink: RowSink,
  warnings: Warnings,
): Promise<void> => {
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

  const endRow = () => {
    if (cellsInRow.length === 0) return;
    if (lastRow !== undefined) blank += row - lastRow - 1;
    for (const one of cellsInRow) {
      // An error is a cell of the table, though it has no value.
      if (one.text === undefined) sink.column(one.column);
      else sink.set(one.column, one.text, one.kind);
    }
    sink.endRow();
    lastRow = row;
    cellsInRow = [];
  };

  await readXml(await archive.open(part), part, {
    open: (name, attributes) => {
      if (name === 'row') {
        const given = Number(attribute(attributes, 'r') ?? row + 1);
        if (!Number.isInteger(given) || given <= row || given > maximumRow) {
          throw unreadable('damaged_workbook', `Row ${row + 1} is numbered ${attributes.r}.`, { row: row + 1 });
        }
        row = given;
        column = -1;
      } else if (name === 'c') {
        const reference = attribute(attributes, 'r');
        column = reference === undefined ? column + 1 : columnOf(reference);
        cell = { column, type: attribute(attributes, 't') ?? 'n', style: Number(attribute(attributes, 's') || 0) };
        value = '';
        inline = '';
        hasValue = false;
      } else if (cell !== undefined) {
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
      cell = undefined;
    },
    pause: () => sink.drain(),
  });
  if (blank > 0) warnings.add({ code: 'blank_lines', message: `${blank} rows without values were left out` });
};

const readCell = (
  type: string,
  value: string,
  inline: string,
  meaning: NumberMeaning,
  context: SheetContext,
  onError: () => void,
): CellValue | undefined => {
  switch (type) {
    case 's': {
      if (value.trim() === '') return undefined;
      const text = context.strings[Number(value)];
      if (text === undefined)
        throw unreadable('damaged_workbook', `A cell refers to text number ${value}, which is not there.`);
      return text === '' ? undefined : { text, kind: 'string' };
    }
    case 'inlineStr':
    case 'str': {
      const text = decodeEscapes(inline === '' ? value : inline);
      return text === '' ? undefined : { text, kind: 'string' };
    }
    case 'b':
      return { text: value.trim() === '1' || value.trim() === 'true' ? 'true' : 'false', kind: 'boolean' };
    case 'e':
      onError();
      return { text: undefined };
    case 'd':
      return isoCell(value.trim());
    default:
      return value.trim() === '' ? undefined : numberCell(value.trim(), meaning, context.date1904);
  }
};

const isoCell = (text: string): { text: string; kind: CellKind } => {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return { text, kind: 'date' };
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/.test(text)) return { text, kind: 'datetime' };
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text)) return { text, kind: 'datetime_tz' };
  if (/^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/.test(text)) return { text, kind: 'time' };
  return { text, kind: 'string' };
};

const numberCell = (text: string, meaning: NumberMeaning, date1904: boolean): { text: string; kind: CellKind } => {
  const number = Number(text);
  if (!Number.isFinite(number)) return { text, kind: 'string' };
  if (meaning === 'time' && number >= 0 && number < 1) {
    return { text: serialToIso(number, true)?.slice(11) ?? text, kind: 'time' };
  }
  if (meaning !== 'number' && meaning !== 'decimal-number') {
    const iso = serialToIso(number, date1904);
    if (iso !== undefined) {
      const midnight = iso.endsWith('T00:00:00.000');
      return midnight && meaning === 'date'
        ? { text: iso.slice(0, 10), kind: 'date' }
        : { text: iso, kind: 'datetime' };
    }
  }
  // A workbook has no integers, only doubles; whole numbers are integers unless their format shows decimals.
  const whole = Number.isSafeInteger(number) && !Object.is(number, -0) && meaning !== 'decimal-number';
  return { text: String(number), kind: whole ? 'integer' : 'number' };
};

/** 0 for A1, 25 for Z9, 26 for AA1. */
const columnOf = (reference: string): number => {
  let column = 0;
  for (const character of reference.toUpperCase()) {
    const code = character.charCodeAt(0) - 64;
    if (code < 1 || code > 26) break;
    column = column * 26 + code;
  }
  if (column < 1 || column > maximumColumn) {
    throw unreadable('damaged_workbook', `There is no cell ${JSON.stringify(reference.slice(0, 20))}.`);
  }
  return column - 1;
};

const columnLetters = (column: number): string =>
  (column >= 26 ? columnLetters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));
