/** One conversion: an amount, units per euro of the currency it is in, and of the currency it goes to. */
export interface Case {
  readonly amount: string;
  readonly base: string;
  readonly quote: string;
  readonly currency: string;
}

const currencies = ['EUR', 'USD', 'JPY', 'KWD', 'GBP', 'ISK', 'CLF', 'BHD'];

/** The same random numbers each time (mulberry32). */
const generator = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Random cases with what breaks arithmetic mixed in: ties, tiny and huge rates, long fractions, amounts of zero. */
export const randomCases = (count: number, seed = 20250509): Case[] => {
  const random = generator(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const digits = (length: number) => Array.from({ length }, () => below(10)).join('');
  const decimal = (whole: number, fraction: number) =>
    `${1 + below(9)}${digits(below(whole))}${fraction === 0 ? '' : `.${digits(1 + below(fraction))}`}`;
  const pointIn = (text: string, places: number) =>
    places === 0 || places >= text.length ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  const plain = () => ({ amount: decimal(5, 2), base: decimal(2, 5), quote: decimal(3, 5) });
  const kinds: (() => Omit<Case, 'currency'>)[] = [
    plain,
    () => ({ amount: String(below(1000)), base: '1', quote: decimal(5, 4) }),
    () => ({ amount: decimal(15, 12), base: decimal(6, 6), quote: `0.00${1 + below(9)}${digits(4)}` }),
    // Ties: a power of two below an odd number ends in 5.
    () => ({ amount: String(2 * below(10_000) + 1), base: String(2 ** (1 + below(10))), quote: '1' }),
    () => ({ amount: `${below(100)}.${digits(2)}5`, base: '1', quote: '1' }),
    // About 2^53, where floats stop being exact: the amount alone, or its product with a rate.
    () => ({ amount: pointIn(String(2n ** 53n + BigInt(below(9) - 4)), below(16)), base: decimal(3, 4), quote: '1' }),
    () => {
      const units = 1 + below(10 ** (1 + below(7)));
      const factor = 2n ** 53n / BigInt(units) + BigInt(below(3) - 1);
      return {
        amount: pointIn(String(units), below(3)),
        base: decimal(1, 4),
        quote: pointIn(String(factor), below(9)),
      };
    },
    // Rates of up to ten digits: steps of seven digits below 2^53 allow divisors up to 900719925.
    () => ({ amount: decimal(4, 2), base: String(900_719_925 + below(5) - 2), quote: decimal(9, 0) }),
    () => ({ amount: decimal(4, 2), base: `0.0000${1 + below(9)}${digits(below(6))}`, quote: decimal(9, 1) }),
  ];
  return Array.from({ length: count }, (_, index) => ({
    ...(kinds[index % kinds.length] ?? plain)(),
    currency: currencies[below(currencies.length)] ?? 'EUR',
  }));
};
