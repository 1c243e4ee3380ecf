import { describe, expect, it } from 'vitest';
import { parseWithExactPrices } from '../../src/store/json-exact.ts';
import { readImages } from '../../src/store/read-images.ts';
import { readProduct } from '../../src/store/read-product.ts';

const served = {
  id: 8,
  title: ' Cork Clogs ',
  price: '19.90',
  category: { id: 4, name: 'Shoes' },
  images: ['https://a.example/1.png'],
};
const read = (change: object) => readProduct({ ...served, ...change }, 'USD');

describe('a product of the store', () => {
  it('is read with an exact price, without a slug in older rows', () => {
    expect(read({ updatedAt: '2026-05-04T01:41:43.000Z' })).toMatchObject({
      id: 8,
      updatedAt: new Date('2026-05-04T01:41:43.000Z'),
      content: {
        title: 'Cork Clogs',
        price: '19.9',
        currency: 'USD',
        category: 'Shoes',
        slug: null,
        images: ['https://a.example/1.png'],
      },
    });
    const [{ price }] = parseWithExactPrices('[{"price":0.1000000000000000055511151231257827}]') as [{ price: string }];
    expect(price).toBe('0.1000000000000000055511151231257827');
  });

  it.each([
    [{ price: '-1' }, /price/],
    [{ price: '1e60' }, /price/],
    [{ price: null }, /price/],
    [{ title: '' }, /title/],
    [{ id: 'x' }, /id/],
    [{ category: null }, /category/],
  ])('is refused: %j', (change, reason) => {
    expect(read(change)).toMatch(reason);
  });

  it('has its images put together again', () => {
    const broken = ['["https://i.example/wXu.jpeg"', '"https://i.example/BZr.jpeg"', '"https://i.example/KcT.jpeg"]'];
    expect(readImages(broken)).toEqual([
      'https://i.example/wXu.jpeg',
      'https://i.example/BZr.jpeg',
      'https://i.example/KcT.jpeg',
    ]);
    expect(readImages('["https://i.example/a.jpeg","https://i.example/b.jpeg"]')).toHaveLength(2);
    expect(readImages(['tools.png', 'javascript:alert(1)', 7, null])).toEqual([]);
  });
});
