import { PricesPage } from '@vindima/contracts';
import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import type { ProductOnDay } from '../../src/db/products.ts';
import { keepProduct } from '../../src/prices/catalogue-cache.ts';
import { createPricer } from '../../src/prices/price-item.ts';
import { writePrices } from '../../src/prices/write-prices.ts';
import { resolveRate } from '../../src/rates/resolve-rate.ts';
import { randomCases } from '../money/cases.ts';

const sources = { provider: 'rates "of" \\ somebody', store: 'sandbox' };
const rest = { missing: [], next_cursor: null, as_of: '2026-04-12T17:00:00.000Z' };

const product = (product_id: number, price: string, title = `Sample ${product_id}`): ProductOnDay => ({
  sequence: product_id,
  product_id,
  operation: 'insert',
  valid_from: '2026-04-01T08:00:00.000Z',
  title,
  slug: null,
  price,
  currency: 'USD',
  category_id: 1,
  category: 'Shoes',
  category_slug: 'shoes',
  description: 'Made up.',
  images: '[]',
  assumed: product_id % 2 === 0,
});

const rateOf = (usd: string, quote: string, perEuro: string) => {
  const rates = new Map([['2026-04-10', new Map(Object.entries({ USD: usd, [quote]: perEuro }))]]);
  const rate = resolveRate(rates, { base: 'USD', quote, date: '2026-04-12', now: new Date('2026-04-12T17:00:00Z') });
  if (rate === undefined) throw new Error('no rate');
  return rate;
};

/** What a reader gets, and what it should get. */
const pageOf = (groups: { products: readonly ProductOnDay[]; rate: ReturnType<typeof rateOf> }[]) => {
  const kept = groups.map(({ products, rate }) => ({ products: products.map(keepProduct), rate }));
  const bytes = Buffer.concat([...writePrices(kept, sources, rest)]);
  const items = groups.flatMap(({ products, rate }) => products.map(createPricer(rate, sources)));
  return { read: JSON.parse(bytes.toString()) as unknown, text: bytes.toString(), wanted: { items, ...rest } };
};

describe('a page of prices as JSON', () => {
  it('is what JSON.stringify makes of its items, whatever the numbers', () => {
    const groups = randomCases(3_000)
      .filter(({ currency }) => currency !== 'EUR' && currency !== 'USD')
      .map(({ amount, base, quote, currency }, index) => ({
        products: [product(index, amount), product(index + 1, '0'), product(index + 2, '19.9')],
        rate: rateOf(base, currency, quote),
      }));
    const { text, wanted } = pageOf(groups);
    expect(text).toBe(JSON.stringify(wanted));
  });

  it('carries titles of anybody', () => {
    const titles = [
      '"quoted" \\ \n\u0000\u001f\u007f',
      'lone \ud800 surrogate \udfff',
      '靴 👟 é',
      '</script>\u2028',
      '{"x":',
    ];
    const products = titles.map((title, index) => product(index + 1, '52', title));
    const { read, text, wanted } = pageOf([{ products, rate: rateOf('1.1252', 'JPY', '162.35') }]);
    expect(read).toEqual(wanted);
    expect(text).toBe(JSON.stringify(wanted));
    expect([...Value.Errors(PricesPage, read)]).toEqual([]);
  });

  it('has room for prices and rates of any length', () => {
    const products = [product(1, `${'9'.repeat(18)}.${'9'.repeat(12)}`), product(2, '0.000000000001')];
    const { read, wanted } = pageOf([
      { products, rate: rateOf('0.'.padEnd(61, '0').concat('7'), 'KWD', '9'.repeat(60)) },
      { products, rate: rateOf('9'.repeat(60), 'KWD', '0.'.padEnd(61, '0').concat('7')) },
    ]);
    expect(read).toEqual(wanted);
  });

  it('may be empty', () => {
    expect(pageOf([]).read).toEqual({ items: [], ...rest });
    expect(pageOf([{ products: [], rate: rateOf('1.1', 'JPY', '160') }]).read).toEqual({ items: [], ...rest });
  });
});
