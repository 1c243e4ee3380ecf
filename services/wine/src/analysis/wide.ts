import type { WineGroup } from '@vindima/contracts';
import type { Row } from './engine.ts';

/** Makes the years columns: a row for each group and unit, with the measure under each year; null where there is none. */
export const toWide = (rows: readonly Row[], groups: readonly WineGroup[], column: string, limit: number): Row[] => {
  const keys = [...groups.filter((group) => group !== 'year'), 'unit'];
  const years = [...new Set(rows.map(({ year }) => Number(year)))].sort((a, b) => a - b);
  const found = new Map<string, { head: Row; values: Map<number, Row[string]> }>();
  for (const row of rows) {
    const head: Row = Object.fromEntries(keys.map((key) => [key, row[key] ?? null]));
    const entry = found.get(JSON.stringify(head)) ?? { head, values: new Map() };
    found.set(JSON.stringify(head), entry);
    entry.values.set(Number(row.year), row[column] ?? null);
  }
  const sum = ({ values }: { readonly values: ReadonlyMap<number, Row[string]> }) =>
    [...values.values()].reduce<number>((before, value) => before + Number(value ?? 0), 0);
  // Years stand behind a letter: a plain number as a key would move to the front of the object.
  return [...found.values()]
    .sort((a, b) => sum(b) - sum(a))
    .slice(0, limit)
    .map(({ head, values }) => ({
      ...head,
      ...Object.fromEntries(years.map((year) => [`y${year}`, values.get(year) ?? null])),
    }));
};
