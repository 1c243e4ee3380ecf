import { Type } from 'typebox';

/** What a variable measures. */
export type Quantity = 'size' | 'duration';

/** Units, smallest first. Sizes are in bytes, durations in milliseconds. */
const units = {
  size: { B: 1, KB: 1e3, KiB: 2 ** 10, MB: 1e6, MiB: 2 ** 20, GB: 1e9, GiB: 2 ** 30, TB: 1e12, TiB: 2 ** 40 },
  duration: { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3 },
} as const satisfies Record<Quantity, Record<string, number>>;

/**
 * Reads `512MB`, `4 GiB` or `30s`, in any case of letters. A plain number is bytes, or seconds.
 *
 * @returns bytes or milliseconds; undefined for other text
 */
export const readQuantity = (quantity: Quantity, text: string): number | undefined => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  const wanted = (unit === '' ? { size: 'B', duration: 's' }[quantity] : unit).toLowerCase();
  const factor = Object.entries(units[quantity]).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return factor === undefined ? undefined : Math.round(Number(number) * factor);
};

/** Writes a quantity in the largest unit that has no fraction: `256MiB`, `30s`. */
export const showQuantity = (quantity: Quantity, value: number): string => {
  const [unit, factor] = Object.entries(units[quantity]).findLast(
    ([, size]) => value >= size && value % size === 0,
  ) ?? [Object.keys(units[quantity])[0], 1];
  return `${value / factor}${unit}`;
};

export const describeQuantity = (quantity: Quantity): string =>
  quantity === 'size' ? 'a size such as 512MB or 4GiB' : 'a duration such as 500ms, 30s, 5m, 12h or 30d';

interface QuantityOptions {
  /** As a person writes it: `256MiB`, `30s`. */
  readonly default?: string;
  readonly minimum?: string;
  readonly maximum?: string;
  readonly description?: string;
  /** Another name that is read when the variable itself is not set. */
  readonly alias?: string;
  /** Its name in an earlier version, still read, with a notice. */
  readonly formerly?: string;
  /** The unit of a plain number under the former name, where it is another one. */
  readonly formerUnit?: string;
}

const Quantity = (quantity: Quantity, { default: usual, minimum, maximum, ...options }: QuantityOptions) => {
  const read = (text: string) => {
    const value = readQuantity(quantity, text);
    if (value === undefined) throw new TypeError(`"${text}" is not ${describeQuantity(quantity)}`);
    return value;
  };
  return Type.Number({
    ...options,
    quantity,
    minimum: minimum === undefined ? 0 : read(minimum),
    ...(usual === undefined ? {} : { default: read(usual) }),
    ...(maximum === undefined ? {} : { maximum: read(maximum) }),
  });
};

/** A variable that holds a size; its value is in bytes. A plain number is bytes. */
export const Size = (options: QuantityOptions = {}) => Quantity('size', options);

/** A variable that holds a duration; its value is in milliseconds. A plain number is seconds. */
export const Duration = (options: QuantityOptions = {}) => Quantity('duration', options);
