import type { YearLabel } from './years.ts';

const quantity = 'qtd|qtde|quantidade|quant|q|kg';
const value = 'valor|vlr|val|v|us\\$|usd';
const pattern = new RegExp(
  `^(?:(${quantity}|${value})[\\s._-]*)?((?:19|20)\\d\\d)(?:(\\.1)|[\\s._-]*(${quantity}|${value}))?$`,
  'i',
);
const isQuantity = new RegExp(`^(?:${quantity})$`, 'i');

/**
 * Reads the label of a year's column: `1970`, and what copies make of it: `1970.1` (the second `1970`, as pandas writes it), `1970_q` and
 * `1970_v`, `QTD-1970` and `VALOR-1970`.
 *
 * @param cell its place in the line, from 0
 * @returns undefined for any other label
 */
export const readYearLabel = (label: string, cell: number): YearLabel | undefined => {
  const match = pattern.exec(label);
  if (match === null) return undefined;
  const [, before, year = '', second, after] = match;
  const tag = before ?? after;
  if (second !== undefined || tag === undefined) return { cell, label: year };
  return { cell, label: year, measure: isQuantity.test(tag) ? 'quantity' : 'value' };
};
