import type { Collector } from './observation.ts';
import { unreadable } from './unreadable.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Reads eurofxref.csv and eurofxref-hist.csv: a row per day, a column per currency, `N/A` where there is no rate, a
 * comma at the end of every line (www.ecb.europa.eu/stats/policy_and_exchange_rates).
 */
export const readEurofxrefCsv = (names: readonly string[], rows: Iterable<readonly string[]>, collector: Collector) => {
  if (names.at(-1) !== '' && names.length < 2) throw unreadable('it has no currencies');
  for (const row of rows) {
    const date = isoDate(row[0] ?? '');
    for (const [index, currency] of names.entries()) {
      const value = row[index]?.trim() ?? '';
      // A currency that the euro replaced, or one that is not yet published, has no observation at all.
      if (index === 0 || currency === '' || value === 'N/A') continue;
      collector.add(currency, date, value);
    }
  }
};

/** `2025-05-09` in the history, `09 May 2025` in the daily file. */
const isoDate = (text: string) => {
  const match = /^(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})$/.exec(text.trim());
  if (match === null) return text.trim();
  const [, day = '', name = '', year = ''] = match;
  return `${year}-${String(months.indexOf(name) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
};
