import { unreadable } from '../refuse.ts';
import type { CellKind } from '../row-sink.ts';
import type { NumberMeaning } from './formats.ts';
import type { Area } from './merged-cells.ts';
import { serialToIso } from './serial-date.ts';
import { decodeEscapes } from './shared-strings.ts';

export interface SheetContext {
  readonly strings: readonly string[];
  readonly meanings: readonly NumberMeaning[];
  readonly date1904: boolean;
  /** The only cells to be read. */
  readonly area?: Area | undefined;
}

/** What a cell holds; an error is a value that is missing. */
export type CellValue = { readonly text: string; readonly kind: CellKind } | { readonly text: undefined };

const maximumColumn = 16_384;

/** The value of a cell by its type (ECMA-376 part 1, 18.18.11) and the meaning of its format; undefined: it has none. */
export const readCell = (
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
export const columnOf = (reference: string): number => {
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

export const columnLetters = (column: number): string =>
  (column >= 26 ? columnLetters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));
