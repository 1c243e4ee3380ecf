import { series } from './currencies.ts';
import type { Rates } from './rates.ts';

/** Rates by day, newest first, of every currency in one order. */
const table = (rates: Rates) => {
  const byDate = new Map<string, Map<string, string>>();
  for (const { code } of series) {
    for (const { date, value } of rates.of(code)) {
      if (value === '') continue;
      const row = byDate.get(date) ?? new Map<string, string>();
      byDate.set(date, row.set(code, value));
    }
  }
  return [...byDate].sort(([one], [other]) => (one < other ? 1 : -1));
};

/** eurofxref-hist.csv: newest first, `N/A` where there is none, a comma at the end of every line. */
export const eurofxrefHistory = (rates: Rates): string => {
  const codes = series.map(({ code }) => code);
  const lines = table(rates).map(([date, row]) => `${date},${codes.map((code) => row.get(code) ?? 'N/A').join(',')},`);
  return `${[`Date,${codes.join(',')},`, ...lines].join('\n')}\n`;
};

/** eurofxref-daily.xml: the currencies of the last day, attributes in single quotes. */
export const eurofxrefDaily = (rates: Rates): string => {
  const [date, row] = table(rates)[0] ?? ['1999-01-04', new Map<string, string>()];
  const cubes = [...row].map(([code, value]) => `\t\t\t<Cube currency='${code}' rate='${value}'/>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Made-up rates of the Vindima sandbox</gesmes:subject>
\t<Cube>
\t\t<Cube time='${date}'>
${cubes.join('\n')}
\t\t</Cube>
\t</Cube>
</gesmes:Envelope>`;
};
