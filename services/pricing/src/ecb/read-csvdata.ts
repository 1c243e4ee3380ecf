import { type Collector, isDailyEuroSeries } from './observation.ts';
import { unreadable } from './unreadable.ts';

/**
 * Reads the rows of the ECB's csvdata format: a column per dimension and attribute, found by name, as their order differs
 * and `detail=dataonly` leaves some out (data.ecb.europa.eu/help/api/data).
 */
export const readCsvdata = (names: readonly string[], rows: Iterable<readonly string[]>, collector: Collector) => {
  const index = (name: string) => names.indexOf(name);
  const [currency, date, value] = ['CURRENCY', 'TIME_PERIOD', 'OBS_VALUE'].map((name) => {
    if (index(name) === -1) throw unreadable(`it has no column ${name}`);
    return index(name);
  }) as [number, number, number];
  const [frequency, denominator, type, suffix, multiplier] = [
    'FREQ',
    'CURRENCY_DENOM',
    'EXR_TYPE',
    'EXR_SUFFIX',
    'UNIT_MULT',
  ].map(index) as [number, number, number, number, number];
  for (const row of rows) {
    const key = {
      FREQ: row[frequency],
      CURRENCY_DENOM: row[denominator],
      EXR_TYPE: row[type],
      EXR_SUFFIX: row[suffix],
    };
    if (isDailyEuroSeries(key)) {
      collector.add(row[currency] ?? '', row[date] ?? '', row[value] ?? '', row[multiplier] || '0');
    } else collector.skip();
  }
};
