import { Decimal, makeData } from 'apache-arrow';
import type { Column } from './columns.ts';

const precision = 38;
const largest = 10n ** BigInt(precision);

/**
 * Exact decimal numbers of 38 digits, `scale` of them behind the point, given as text: what SQL calls DECIMAL(38, scale).
 *
 * `push` throws a RangeError for a number that does not fit, or has more digits behind the point than there are.
 */
export const decimalColumn = (scale: number): Column<string> => {
  const values: bigint[] = [];
  return {
    push(text) {
      const [whole = '', places = ''] = text.split('.');
      if (places.length > scale) throw new RangeError(`${text} has more than ${scale} digits behind the point`);
      const value = BigInt(whole + places.padEnd(scale, '0'));
      if (value >= largest || value <= -largest) throw new RangeError(`${text} does not fit into ${precision} digits`);
      values.push(value);
    },
    data: () => {
      const words = new BigUint64Array(values.length * 2);
      for (const [index, value] of values.entries()) {
        words[index * 2] = BigInt.asUintN(64, value);
        words[index * 2 + 1] = BigInt.asUintN(64, value >> 64n);
      }
      return makeData({
        type: new Decimal(scale, precision),
        length: values.length,
        data: new Uint32Array(words.buffer),
      });
    },
  };
};
