/** An exact decimal number: `units` x 10^-`scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const pattern = /^([+-]?)(\d{1,60})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,3}))?$/;
const largestExponent = 60;

/**
 * Reads a decimal number as CSV, JSON and XML spell it, exponents included. Nothing passes through a float.
 *
 * @returns undefined for anything else: empty, `NaN`, more than 60 digits before or behind the point, an exponent beyond 60
 */
export const readDecimal = (text: string): Decimal | undefined => {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const power = Number(exponent);
  if (Math.abs(power) > largestExponent) return undefined;
  const units = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - power;
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
};

/** Reads a number that we wrote ourselves. @throws RangeError when it is none: then the database was tampered with */
export const parseDecimal = (text: string): Decimal => {
  const decimal = readDecimal(text);
  if (decimal === undefined) throw new RangeError(`Not a decimal number: ${text.slice(0, 80)}`);
  return decimal;
};

/** Writes a decimal with exactly its `scale` digits behind the point: `{ units: 1050n, scale: 2 }` is `10.50`. */
export const formatDecimal = ({ units, scale }: Decimal): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};

/** Writes a decimal without zeros at its end: `1.20` and `1.2` are one number, and compare as one. */
export const formatShortest = (decimal: Decimal): string => {
  const text = formatDecimal(decimal);
  return decimal.scale === 0 || !text.endsWith('0') ? text : text.replace(/\.?0+$/, '');
};
