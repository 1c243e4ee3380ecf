import type { PriceItem } from '@vindima/contracts';

type Cell = readonly [text: string, alignment: 'left' | 'right'];

/**
 * Writes prices as a table for people: a row per product and day of a rate, a column per currency.
 *
 * @param items by day, then by currency, then by product
 */
export const writeTable = (items: readonly PriceItem[]): string => {
  const currencies = [...new Set(items.map(({ currency }) => currency))];
  const rows = new Map<string, { item: PriceItem; amounts: Map<string, string> }>();
  for (const item of items) {
    const key = JSON.stringify([item.requested_date, item.rate_date, item.product_id]);
    const row = rows.get(key) ?? { item, amounts: new Map<string, string>() };
    row.amounts.set(item.currency, item.amount);
    rows.set(key, row);
  }
  const base = items[0]?.price_currency ?? '';
  const header: Cell[] = [
    ['Product', 'left'],
    [`Price ${base}`, 'right'],
    ...currencies.map((currency): Cell => [`Price ${currency}`, 'right']),
    ['Rate of', 'left'],
  ];
  const body = [...rows.values()].map(({ item, amounts }): Cell[] => [
    [printable(item.title), 'left'],
    [item.price, 'right'],
    ...currencies.map((currency): Cell => [amounts.get(currency) ?? '', 'right']),
    [item.rate_date, 'left'],
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...body].map((row) => width(row[column]?.[0] ?? ''))));
  const line = (row: readonly Cell[]) =>
    row
      .map(([text, alignment], column) => pad(text, widths[column] ?? 0, alignment))
      .join('  ')
      .trimEnd();
  return `${[line(header), widths.map((count) => '-'.repeat(count)).join('  '), ...body.map(line)].join('\n')}\n${footer(items)}`;
};

const footer = (items: readonly PriceItem[]) => {
  const [first] = items;
  if (first === undefined) return '';
  const madeUp = [first.provider, first.source].includes('sandbox');
  return `\nRates: ${first.provider}. Products: ${first.source}.${madeUp ? ' What the sandbox gives is made up; UPSTREAMS=live asks the real APIs.' : ''}\n`;
};

/** Titles are anybody's: control characters could drive the terminal. */
const printable = (text: string) => text.replace(/\p{C}/gu, ' ');

const width = (text: string) => [...text].length;

const pad = (text: string, to: number, alignment: 'left' | 'right') => {
  const blanks = ' '.repeat(to - width(text));
  return alignment === 'left' ? text + blanks : blanks + text;
};
