import type { MissingCode } from './table.ts';
import { quote, type WarningCode } from './warnings.ts';

/** What a cell says: a figure, or why there is none, and what was odd about it. */
export interface Value {
  /** NaN when missing. */
  readonly value: number;
  readonly missing: MissingCode;
  readonly warning?: { readonly code: WarningCode; readonly message: string };
}

const marks: ReadonlyMap<string, MissingCode> = new Map([
  ['nd', 1],
  ['*', 2],
  ['+', 3],
  ['', 4],
]);
const present = (value: number): Value => ({ value, missing: 0 });
const warned = (value: number, code: WarningCode, message: string): Value => ({
  value,
  missing: 0,
  warning: { code, message },
});

/** Up to 15 digits are exact in a double. */
const whole = /^\d{1,15}$/;
const decimalComma = /^(\d{1,12}),(\d{1,3})$/;
/** `1.234.567` or `1.234,5`, as Brazilians write and the site's web pages show. */
const thousands = /^\d{1,3}(\.\d{3})+(,\d{1,3})?$/;
const decimalPoint = /^\d{1,12}\.\d{1,3}$/;

const readNumber = (text: string): Value | undefined => {
  if (whole.test(text)) return present(Number(text));
  const comma = decimalComma.exec(text);
  if (comma !== null) {
    const value = Number(text.replace(',', '.'));
    return comma[2]?.length === 3 && (comma[1]?.length ?? 0) <= 3
      ? warned(value, 'ambiguous_number', `${quote(text)} was read with a decimal comma, as ${value}.`)
      : warned(value, 'decimal_comma', `${quote(text)} has a decimal comma and was read as ${value}.`);
  }
  if (thousands.test(text)) {
    const value = Number(text.replaceAll('.', '').replace(',', '.'));
    return /^\d{1,3}\.\d{3}$/.test(text)
      ? warned(value, 'ambiguous_number', `${quote(text)} was read with a point between thousands, as ${value}.`)
      : warned(value, 'thousands_separator', `${quote(text)} has points between thousands and was read as ${value}.`);
  }
  if (decimalPoint.test(text)) {
    return warned(Number(text), 'decimal_point', `${quote(text)} has a decimal point and was read as ${Number(text)}.`);
  }
  return undefined;
};

/** Reads the text of one cell. Figures are non-negative integers, but for what the warnings say. */
export const readValue = (cell: string): Value => {
  const text = cell.trim();
  const mark = marks.get(text.toLowerCase());
  if (mark !== undefined) return { value: Number.NaN, missing: mark };
  if (text === '-') {
    return { value: Number.NaN, missing: 5, warning: { code: 'dash', message: 'A dash was read as "no figure".' } };
  }
  const number = readNumber(text);
  if (number !== undefined) return number;
  const positive = text.startsWith('-') ? readNumber(text.slice(1)) : undefined;
  if (positive !== undefined) {
    return warned(-positive.value, 'negative_number', `${quote(text)} is below zero; read as ${-positive.value}.`);
  }
  return {
    value: Number.NaN,
    missing: 7,
    warning: { code: 'unreadable_value', message: `${quote(text)} is no number; there is no figure.` },
  };
};
