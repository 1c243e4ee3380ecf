// ISO 4217, list one: the currencies whose minor unit is not a hundredth.
const exceptions: readonly [places: number, currencies: string][] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const placesOf = new Map(
  exceptions.flatMap(([places, currencies]) => currencies.split(' ').map((currency) => [currency, places] as const)),
);

/** @returns how many digits behind the point an amount of this currency has (ISO 4217 minor unit): EUR 2, JPY 0, KWD 3 */
export const minorUnit = (currency: string): number => placesOf.get(currency) ?? 2;
