import { describe, expect, it } from 'vitest';
import type { ProductOnDay } from '../../src/db/products.ts';
import { byRate } from '../../src/prices/by-rate.ts';

const published = new Map([['2026-04-10', new Map(Object.entries({ USD: '1.25', JPY: '160' }))]]);
const product = (product_id: number, currency: string) => ({ product_id, currency }) as ProductOnDay;

describe('products that are priced', () => {
  it('keep their order, each at the rate of the currency that it was recorded in', () => {
    const products = ['USD', 'USD', 'EUR', 'XXX', 'USD', 'JPY'].map((currency, index) => product(index, currency));
    const groups = byRate(products, {
      published,
      quote: 'JPY',
      now: new Date('2026-11-28T20:00:00Z'),
      date: '2026-04-12',
    });
    expect(groups.flatMap((group) => group.products)).toEqual(products);
    expect(groups.map(({ base, rate }) => [base, rate?.rate, rate?.rateDate])).toEqual([
      ['USD', '128', '2026-04-10'],
      ['EUR', '160', '2026-04-10'],
      ['XXX', undefined, undefined],
      ['USD', '128', '2026-04-10'],
      ['JPY', '1', '2026-04-12'],
    ]);
    expect(byRate([], { published, quote: 'JPY', now: new Date('2026-11-28T20:00:00Z'), date: '2026-04-12' })).toEqual(
      [],
    );
  });
});
