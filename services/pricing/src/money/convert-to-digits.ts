import { parseDecimal } from './decimal.ts';
import { minorUnit } from './minor-unit.ts';
import { significantDigits } from './ratio.ts';

const largest = Number.MAX_SAFE_INTEGER;
const powers = Array.from({ length: 16 }, (_, power) => 10 ** power);
const powerOfTen = (power: number) => powers[power] ?? Number.POSITIVE_INFINITY;

/** Digits of a quotient that one step finds. */
const stepDigits = 7;
const largestDivisor = Math.floor(largest / powerOfTen(stepDigits));

const [zero, point] = [0x30, 0x2e];

/** What one conversion writes at most, besides what is put between its two numbers. */
export const longestConversion = 128;

/**
 * Prepares the conversions of `converter`, written as ASCII digits: the amount, `between`, and the unrounded amount. It divides as on paper,
 * in whole numbers below 2^53. There floats are exact, and their quotient never reaches the next whole number before the exact one does, so
 * that its floor is right. Prices of a shop fit, and are written in a tenth of the time that big integers take.
 *
 * @returns (amount, into, at) => the place behind the last digit; -1 for an amount that is zero or does not fit, to be left to `converter`
 */
export const digitConverter = (basePerEuro: string, quotePerEuro: string, quote: string, between: Uint8Array) => {
  const places = minorUnit(quote);
  const base = parseDecimal(basePerEuro);
  const multiplier = parseDecimal(quotePerEuro);
  const divisor = Number(base.units);
  // With so many zeros behind it, the multiplier is not below the divisor: every quotient has a digit before its point.
  const zeros = Math.max(0, base.units.toString().length - multiplier.units.toString().length + 1);
  const factor = Number(multiplier.units) * powerOfTen(zeros);
  const factorScale = multiplier.scale + zeros - base.scale;
  const digits = new Uint8Array(significantDigits);
  return (amount: string, into: Uint8Array, at: number): number => {
    // Both zero and no number are below the divisor.
    let [units, fraction] = [0, -1];
    for (let index = 0; index < amount.length; index++) {
      const code = amount.charCodeAt(index);
      if (fraction !== -1) fraction += 1;
      if (code >= zero && code < zero + 10) units = units * 10 + code - zero;
      else if (code === point && fraction === -1 && index !== 0) fraction = 0;
      else return -1;
    }
    if (fraction === 0) return -1;
    const dividend = units * factor;
    const scale = factorScale + Math.max(fraction, 0);
    if (!(divisor >= 1 && divisor <= largestDivisor && Math.abs(scale) < 40)) return -1;
    if (!(dividend >= divisor && dividend <= largest)) return -1;

    const power = places - scale;
    const numerator = power > 0 ? dividend * powerOfTen(power) : dividend;
    const denominator = power < 0 ? divisor * powerOfTen(-power) : divisor;
    if (numerator > largest || denominator * 2 > largest) return -1;
    const whole = Math.floor(numerator / denominator);
    const rounded = roundsUp(numerator - whole * denominator, denominator, whole) ? whole + 1 : whole;
    let end = writeDecimal(into, at, digits, putDigits(digits, rounded), places);

    into.set(between, end);
    end += between.length;

    const quotient = Math.floor(dividend / divisor);
    const before = putDigits(digits, quotient);
    let count = divide(digits, before, dividend - quotient * divisor, divisor);
    while (digits[count - 1] === 0 && count - before + scale > 0) count -= 1;
    return writeDecimal(into, end, digits, count, count - before + scale);
  };
};

/** @returns how many digits the number has */
const putDigits = (digits: Uint8Array, number: number): number => {
  let count = 1;
  while (number >= powerOfTen(count)) count += 1;
  for (let index = count - 1, rest = number; index >= 0; index--) {
    const tenth = Math.floor(rest / 10);
    digits[index] = rest - tenth * 10;
    rest = tenth;
  }
  return count;
};

/**
 * Puts the digits of a fraction behind those of its whole part, until there are 34 or nothing is left, half to even.
 * Rounding never carries beyond the first: 34 nines would be nearer to a whole number than a divisor of nine digits comes.
 *
 * @returns how many digits there are then
 */
const divide = (digits: Uint8Array, before: number, remainder: number, divisor: number): number => {
  let [count, rest] = [before, remainder];
  while (rest > 0 && count < significantDigits) {
    const wanted = Math.min(stepDigits, significantDigits - count);
    const dividend = rest * powerOfTen(wanted);
    let step = Math.floor(dividend / divisor);
    rest = dividend - step * divisor;
    for (let index = count + wanted - 1; index >= count; index--) {
      const tenth = (step / 10) | 0;
      digits[index] = step - tenth * 10;
      step = tenth;
    }
    count += wanted;
  }
  let last = count - 1;
  if (!roundsUp(rest, divisor, digits[last] ?? 0)) return count;
  while (digits[last] === 9) digits[last--] = 0;
  digits[last] = (digits[last] ?? 0) + 1;
  return count;
};

const roundsUp = (rest: number, divisor: number, before: number) =>
  rest * 2 > divisor || (rest * 2 === divisor && before % 2 === 1);

/** Writes digits, the last `scale` of them behind a point. @returns the place behind them */
const writeDecimal = (into: Uint8Array, at: number, digits: Uint8Array, count: number, scale: number): number => {
  let end = at;
  const whole = count - scale;
  if (whole <= 0) into[end++] = zero;
  // Zeros stand for the places between the point and the digits, on either side.
  for (let place = Math.min(whole, 0); place < Math.max(whole, count); place++) {
    if (place === Math.min(whole, 0) ? whole <= 0 : place === whole) into[end++] = point;
    into[end++] = zero + (digits[place] ?? 0) * Number(place < count);
  }
  return end;
};
