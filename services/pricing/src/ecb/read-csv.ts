import Papa from 'papaparse';
import { createCollector, type Observation } from './observation.ts';
import { readCsvdata } from './read-csvdata.ts';
import { readEurofxrefCsv } from './read-eurofxref-csv.ts';
import { unreadable } from './unreadable.ts';

/** Reads csvdata or eurofxref CSV, told apart by the header. @throws ServiceError 502 `pricing.unreadable_rates` */
export const readCsv = (text: string): Observation[] => {
  // Without a line end the last value may be half a value, which nothing else would show.
  if (!text.endsWith('\n')) throw unreadable('it is cut short: its last line does not end');
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', skipEmptyLines: true });
  if (errors[0] !== undefined) throw unreadable(`it is not CSV: ${errors[0].message}`);
  const [header = [], ...rows] = data;
  const names = header.map((name) => name.trim());
  const read = names[0] === 'Date' ? readEurofxrefCsv : names.includes('OBS_VALUE') ? readCsvdata : undefined;
  if (read === undefined) throw unreadable('it is neither CSV with rates, nor JSON, nor XML');
  const collector = createCollector();
  read(names, wholeRows(rows, header.length), collector);
  return collector.finish();
};

function* wholeRows(rows: string[][], columns: number) {
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns) throw unreadable(`line ${index + 2} has ${row.length} columns instead of ${columns}`);
    if (row.some((cell) => cell !== '')) yield row;
  }
}
