import { Decimal } from 'decimal.js';
import type { Case } from './cases.ts';

const places: Record<string, number> = { JPY: 0, ISK: 0, KWD: 3, BHD: 3, CLF: 4 };
const format = { toExpNeg: -9e15, toExpPos: 9e15, rounding: Decimal.ROUND_HALF_EVEN };
const Exact = Decimal.clone({ ...format, precision: 400 });
const Decimal128 = Decimal.clone({ ...format, precision: 34 });

/** The same conversion by decimal.js, which shares nothing with ours: division to 400 digits, and to 34. */
export const reference = ({ amount, base, quote, currency }: Case) => {
  const numerator = new Exact(amount).mul(quote);
  return {
    amount: numerator.div(base).toFixed(places[currency] ?? 2),
    unrounded: new Decimal128(numerator).div(new Decimal128(base)).toFixed(),
  };
};
