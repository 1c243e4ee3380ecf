import type { PriceItem, RateItem, RateLeg } from '@vindima/contracts';
import Papa from 'papaparse';

/** Published rates on the way, in one cell: `EUR/USD 1.1252; EUR/GBP 0.8477`. */
const legs = (list: readonly RateLeg[]) => list.map(({ base, quote, rate }) => `${base}/${quote} ${rate}`).join('; ');

// Product titles are anybody's: a cell that a spreadsheet would take for a formula is made text.
const options = { escapeFormulae: true, newline: '\n' } as const;

const priceColumns = [
  'product_id',
  'title',
  'category',
  'price',
  'price_currency',
  'price_valid_from',
  'price_assumed',
  'currency',
  'amount',
  'amount_unrounded',
  'rate',
  'rate_path',
  'rate_legs',
  'requested_date',
  'rate_date',
  'carried_forward',
  'provider',
  'source',
] as const satisfies (keyof PriceItem)[];

const rateColumns = [
  'base',
  'quote',
  'rate',
  'rate_path',
  'rate_legs',
  'requested_date',
  'rate_date',
  'carried_forward',
  'provider',
] as const satisfies (keyof RateItem)[];

/** @returns CSV with a header (RFC 4180, lines end with \n) */
export const writePricesCsv = (items: readonly PriceItem[]): string => write(priceColumns, items);

export const writeRatesCsv = (items: readonly RateItem[]): string => write(rateColumns, items);

const write = <Item extends { rate_legs: readonly RateLeg[] }>(
  columns: readonly (keyof Item & string)[],
  items: readonly Item[],
) => {
  const rows = items.map((item) => columns.map((name) => (name === 'rate_legs' ? legs(item.rate_legs) : item[name])));
  return `${Papa.unparse({ fields: [...columns], data: rows }, options)}\n`;
};
