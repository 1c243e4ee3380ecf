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
const partBytes = 256 * 1024;

/**
 * Writes a page of prices as JSON, the same as `JSON.stringify` makes of the items of `createPricer`, in parts, so that the first ones are
 * on their way while the others are made. A page of thousands is put together from bytes that are ready: what is said of a product is
 * kept with it, what is said of a rate is the same in every item.
 *
 * @param rest what the page says besides its items
 */
export function* writePrices(
  groups: readonly PricedProducts[],
  sources: PriceSources,
  rest: object,
): Generator<Buffer, void, void> {
  let bytes = Buffer.allocUnsafeSlow(partBytes);
  let end = bytes.write('{"items":[');
  const hasRoom = (length: number) => end + length <= bytes.length;
  const begin = (length: number) => {
    bytes = Buffer.allocUnsafeSlow(Math.max(partBytes, length));
    end = 0;
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
    for (const { json, price } of products) {
      const length = json.length + frame + longestConversion;
      if (!hasRoom(length)) {
        yield bytes.subarray(0, end);
        begin(length);
      }
      if (separate) bytes[end++] = comma;
      separate = true;
      put(json);
      put(before);
      const converted = convertToDigits(price, bytes, end);
      if (converted === -1) {
        const { amount, unrounded } = convert(price);
        const text = Buffer.from(amount + between + unrounded);
        if (!hasRoom(text.length + after.length)) {
          yield bytes.subarray(0, end);
          begin(text.length + after.length);
        }
        put(text);
      } else end = converted;
      put(after);
    }
  }
  const ending = Buffer.from(`],${JSON.stringify(rest).slice(1)}`);
  if (!hasRoom(ending.length)) {
    yield bytes.subarray(0, end);
    begin(ending.length);
  }
  put(ending);
  // As large as it is and no larger, as it may be kept, and most pages are small.
  yield Buffer.from(bytes.subarray(0, end));
}
