import type { SeriesTable } from '../vitibrasil/table.ts';

/**
 * Names of the columns as pandas makes them unique, which is what clients of the earlier system know: the second `1970` is
 * `1970.1`, the third `1970.2`. They follow the labels of the header, also where those are wrong.
 */
const uniqueLabels = (labels: readonly string[]): string[] => {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const count = seen.get(label) ?? 0;
    seen.set(label, count + 1);
    return count === 0 ? label : `${label}.${count}`;
  });
};

/**
 * The body of the existing addresses: `{"DERIVADOS": [{"1970": 14164329, ...}], "Tinto": [{...}, {...}]}`. Keys are the
 * trimmed names in file order, each with one object per row of that name; what is missing is null. The text is put together by hand, because
 * an engine moves keys that look like integers to the front of an object.
 */
export const legacyJson = (table: SeriesTable): string => {
  const keys = uniqueLabels(table.columns.map((column) => column.label)).map((label) => `${JSON.stringify(label)}:`);
  const byName = new Map<string, string[]>();
  for (const [index, row] of table.rows.entries()) {
    const figures = keys.map((key, column) => {
      const value = table.values[index * keys.length + column];
      return value === undefined || Number.isNaN(value) ? `${key}null` : `${key}${value}`;
    });
    const same = byName.get(row.label);
    const text = `{${figures.join(',')}}`;
    if (same === undefined) byName.set(row.label, [text]);
    else same.push(text);
  }
  return `{${[...byName].map(([name, rows]) => `${JSON.stringify(name)}:[${rows.join(',')}]`).join(',')}}`;
};
