/** A series of made-up rates: about `level` units for one euro, wandering by `wander` a day, written with so many decimals. */
export interface SeriesShape {
  readonly code: string;
  readonly name: string;
  readonly level: number;
  readonly wander: number;
  readonly decimals: number;
  /** Its first and last day, where they are not the first ever and today. */
  readonly from?: string;
  readonly until?: string;
}

const row = (
  code: string,
  name: string,
  level: number,
  wander: number,
  decimals: number,
  span: { from?: string; until?: string } = {},
): SeriesShape => ({ code, name, level, wander, decimals, ...span });

/** The currencies that the ECB publishes rates for, and three whose series have ended. Levels are round, on purpose. */
export const series: readonly SeriesShape[] = [
  row('AUD', 'Australian dollar', 1.6, 0.006, 4),
  row('BGN', 'Bulgarian lev', 1.9558, 0, 4, { from: '2000-07-19', until: '2025-12-31' }),
  row('BRL', 'Brazilian real', 5.5, 0.009, 4, { from: '2008-01-02' }),
  row('CAD', 'Canadian dollar', 1.5, 0.005, 4),
  row('CHF', 'Swiss franc', 1.1, 0.003, 4),
  row('CNY', 'Chinese yuan renminbi', 8, 0.005, 4, { from: '2005-04-01' }),
  row('CZK', 'Czech koruna', 26, 0.003, 3),
  row('DKK', 'Danish krone', 7.46, 0.0001, 4),
  row('GBP', 'UK pound sterling', 0.8, 0.004, 5),
  row('HKD', 'Hong Kong dollar', 9, 0.005, 4),
  row('HRK', 'Croatian kuna', 7.5, 0.001, 4, { from: '2005-04-01', until: '2022-12-30' }),
  row('HUF', 'Hungarian forint', 350, 0.005, 2),
  row('IDR', 'Indonesian rupiah', 16000, 0.006, 2),
  row('ILS', 'Israeli shekel', 4, 0.005, 4, { from: '2011-01-03' }),
  row('INR', 'Indian rupee', 85, 0.005, 4, { from: '2009-01-02' }),
  row('ISK', 'Iceland krona', 145, 0.004, 2),
  row('JPY', 'Japanese yen', 140, 0.006, 2),
  row('KRW', 'Korean won', 1450, 0.006, 2),
  row('MXN', 'Mexican peso', 20, 0.008, 4, { from: '2008-01-02' }),
  row('MYR', 'Malaysian ringgit', 4.8, 0.004, 4, { from: '2005-04-01' }),
  row('NOK', 'Norwegian krone', 10.5, 0.005, 4),
  row('NZD', 'New Zealand dollar', 1.8, 0.006, 4),
  row('PHP', 'Philippine peso', 60, 0.005, 3, { from: '2005-04-01' }),
  row('PLN', 'Polish zloty', 4.3, 0.004, 4),
  row('RON', 'Romanian leu', 4.9, 0.001, 4, { from: '2005-07-01' }),
  row('RUB', 'Russian rouble', 80, 0.009, 4, { from: '2005-04-01', until: '2022-03-01' }),
  row('SEK', 'Swedish krona', 10.8, 0.004, 4),
  row('SGD', 'Singapore dollar', 1.5, 0.004, 4),
  row('THB', 'Thai baht', 38, 0.004, 3, { from: '2005-04-01' }),
  row('TRY', 'Turkish lira', 30, 0.008, 4, { from: '2005-01-03' }),
  row('USD', 'US dollar', 1.12, 0.005, 4),
  row('ZAR', 'South African rand', 19, 0.008, 4),
];
