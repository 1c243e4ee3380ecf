import { type Decimal, parseDecimal } from './decimal.ts';
import { minorUnit } from './minor-unit.ts';
import { multiplyAndDivide, type Ratio, roundToPlaces, roundToSignificant } from './ratio.ts';

export interface ConvertedAmount {
  /** Rounded half to even at the currency's minor unit, in one step from the exact value. */
  readonly amount: string;
  /** 34 significant digits, half to even. */
  readonly unrounded: string;
}

const one: Decimal = { units: 1n, scale: 0 };

/**
 * Prepares conversions from one currency to another through the euro.
 *
 * @param basePerEuro units of the currency we come from for one euro, as published; `1` for the euro
 * @param quotePerEuro units of the currency we go to for one euro; `1` for the euro
 * @returns how to convert an amount: amount x quotePerEuro / basePerEuro, computed exactly and rounded once
 */
export const converter = (basePerEuro: string, quotePerEuro: string, quote: string) => {
  const divisor = parseDecimal(basePerEuro);
  const multiplier = parseDecimal(quotePerEuro);
  const places = minorUnit(quote);
  const convert = (amount: string): ConvertedAmount => {
    const exact: Ratio = multiplyAndDivide(parseDecimal(amount), multiplier, divisor);
    return { amount: roundToPlaces(exact, places), unrounded: roundToSignificant(exact) };
  };
  // A shop asks the same few prices for many products, and exact arithmetic costs more than looking one up.
  const converted = new Map<string, ConvertedAmount>();
  return (amount: string): ConvertedAmount => {
    const known = converted.get(amount) ?? convert(amount);
    converted.set(amount, known);
    return known;
  };
};

/** @returns units of the quote for one of the base, 34 significant digits; a published rate comes out as it is */
export const crossRate = (basePerEuro: string, quotePerEuro: string): string =>
  roundToSignificant(multiplyAndDivide(one, parseDecimal(quotePerEuro), parseDecimal(basePerEuro)));
