import { type Decimal, formatDecimal, formatShortest } from './decimal.ts';

/** An exact fraction with a positive denominator. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Digits that an unrounded value is given with: those of IEEE 754 decimal128, and of Python's and Java's contexts for it. */
export const significantDigits = 34;

/** @returns `amount` x `multiplier` / `divisor`, exactly. @throws RangeError when the divisor is not positive */
export const multiplyAndDivide = (amount: Decimal, multiplier: Decimal, divisor: Decimal): Ratio => {
  if (divisor.units <= 0n) throw new RangeError('A rate is greater than zero.');
  return {
    numerator: amount.units * multiplier.units * powerOfTen(divisor.scale),
    denominator: divisor.units * powerOfTen(amount.scale + multiplier.scale),
  };
};

/** Rounds to `places` digits behind the point, half to even, in one step from the exact value: `0.125` is `0.12`. */
export const roundToPlaces = ({ numerator, denominator }: Ratio, places: number): string =>
  formatDecimal({ units: divideHalfEven(numerator * powerOfTen(places), denominator), scale: places });

/** Rounds to 34 significant digits, half to even, without zeros at the end. A value that has fewer digits is exact. */
export const roundToSignificant = ({ numerator, denominator }: Ratio): string => {
  if (numerator === 0n) return '0';
  // The quotient has this many digits before the point, or one more (negative: zeros behind it).
  const magnitude = digitsOf(numerator) - digitsOf(denominator);
  const atLeast = quotient(numerator, denominator, significantDigits - magnitude);
  const { units, scale } =
    atLeast.units >= tooLong || atLeast.units <= -tooLong
      ? quotient(numerator, denominator, significantDigits - magnitude - 1)
      : atLeast;
  return formatShortest(scale >= 0 ? { units, scale } : { units: units * powerOfTen(-scale), scale: 0 });
};

const quotient = (numerator: bigint, denominator: bigint, scale: number): Decimal => ({
  units:
    scale >= 0
      ? divideHalfEven(numerator * powerOfTen(scale), denominator)
      : divideHalfEven(numerator, denominator * powerOfTen(-scale)),
  scale,
});

const divideHalfEven = (numerator: bigint, denominator: bigint): bigint => {
  const negative = numerator < 0n;
  const absolute = negative ? -numerator : numerator;
  const whole = absolute / denominator;
  const twiceRest = (absolute - whole * denominator) * 2n;
  const up = twiceRest > denominator || (twiceRest === denominator && whole % 2n === 1n);
  const rounded = up ? whole + 1n : whole;
  return negative ? -rounded : rounded;
};

const digitsOf = (value: bigint) => (value < 0n ? -value : value).toString().length;

const tooLong = 10n ** BigInt(significantDigits);

const powers = Array.from({ length: 128 }, (_, power) => 10n ** BigInt(power));
const powerOfTen = (power: number) => powers[power] ?? 10n ** BigInt(power);
