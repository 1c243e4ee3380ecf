import { converter } from '../money/convert.ts';
import { digitConverter, longestConversion } from '../money/convert-to-digits.ts';
import type { ResolvedRate } from '../rates/resolve-rate.ts';
import type { KeptProduct } from './catalogue-cache.ts';
import { type PriceSources, rateFields } from './price-item.ts';

/** Products and the rate that they are priced at. */
export interface PricedProducts {
  readonly products: readonly KeptProduct[];
  readonly rate: ResolvedRate;
}

const comma = 0x2c;
const between = Buffer.from('","amount_unrounded":"');
/** Of the two amounts of a price in a shop together. */
const usualDigits = 50;

/**
 * Writes a page of prices as JSON, the same as `JSON.stringify` makes of the items of `createPricer`. A page of thousands is put together
 * from bytes that are ready: what is said of a product is kept with it, what is said of a rate is the same in every item.
 *
 * @param rest what the page says besides its items
 */
export const writePrices = (groups: readonly PricedProducts[], sources: PriceSources, rest: object): Buffer => {
  let bytes = Buffer.from('{"items":[');
  let end = bytes.length;
  const reserve = (length: number) => {
    if (end + length <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, end + length));
    larger.set(bytes.subarray(0, end));
    bytes = larger;
  };
  const put = (part: Uint8Array) => {
    bytes.set(part, end);
    end += part.length;
  };
  let separate = false;
  for (const { products, rate } of groups) {
    const { basePerEuro, quotePerEuro, quote } = rate;
    const convertToDigits = digitConverter(basePerEuro, quotePerEuro, quote, between);
    const convert = converter(basePerEuro, quotePerEuro, quote);
    const before = Buffer.from(`,"currency":"${quote}","amount":"`);
    const after = Buffer.from(`",${JSON.stringify(rateFields(rate, sources)).slice(1)}`);
    const frame = before.length + between.length + after.length + 1;
    reserve(products.reduce((sum, { json }) => sum + json.length + frame + usualDigits, longestConversion));
    for (const { json, price } of products) {
      reserve(json.length + frame + longestConversion);
      if (separate) bytes[end++] = comma;
      separate = true;
      put(json);
      put(before);
      const converted = convertToDigits(price, bytes, end);
      if (converted === -1) {
        const { amount, unrounded } = convert(price);
        const text = Buffer.from(amount + between + unrounded);
        reserve(text.length + after.length);
        put(text);
      } else end = converted;
      put(after);
    }
  }
  const ending = Buffer.from(`],${JSON.stringify(rest).slice(1)}`);
  reserve(ending.length);
  put(ending);
  return bytes.subarray(0, end);
};
