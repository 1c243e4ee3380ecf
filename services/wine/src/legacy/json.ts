import type { Row, SeriesTable } from '../vitibrasil/table.ts';
import { isUpperCase } from '../vitibrasil/text.ts';

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

/** Blank cells, and those that a short row lacks. */
const blanks: ReadonlySet<number | undefined> = new Set([4, 6]);
const idText = (id: string) => (/^\d{1,15}$/.test(id.trim()) ? String(Number(id)) : JSON.stringify(id));

/** Writes a row: what stands before the years in the order of the file, then the years. */
const rowWriter = (table: SeriesTable, blank: 0 | null, withControl: boolean) => {
  const { columns, labels, values, missing } = table;
  const keys = uniqueLabels(columns.map((column) => column.label)).map((label) => `${JSON.stringify(label)}:`);
  return ({ cells }: Row, index: number): string => {
    const texts: string[] = [];
    if (labels.id !== null) texts.push(`${JSON.stringify(labels.id)}:${idText(cells.id ?? '')}`);
    if (withControl && labels.control !== null) {
      texts.push(`${JSON.stringify(labels.control)}:${JSON.stringify(cells.control)}`);
    }
    texts.push(`${JSON.stringify(labels.name)}:${JSON.stringify(cells.name)}`);
    for (const [column, key] of keys.entries()) {
      const position = index * keys.length + column;
      const value = values[position];
      const none = blanks.has(missing[position]) ? blank : null;
      texts.push(`${key}${value === undefined || Number.isNaN(value) ? none : value}`);
    }
    return `{${texts.join(',')}}`;
  };
};

/**
 * The body of the existing addresses, as the earlier system made it. A file whose `control` sets sections apart is an object: a section begins
 * at each row whose control is in capitals, its key is that control, and its value lists all rows up to the next one. Any other file is a list of
 * rows. The text is put together by hand, because an engine moves keys that look like integers to the front of an object.
 *
 * @param blank what an empty cell is; the earlier system made it 0
 */
export const legacyJson = (table: SeriesTable, blank: 0 | null = 0): string => {
  const isHeader = ({ cells }: Row) => cells.control !== null && isUpperCase(cells.control);
  if (!table.rows.some(isHeader)) return `[${table.rows.map(rowWriter(table, blank, true)).join(',')}]`;
  const write = rowWriter(table, blank, false);
  const sections = new Map<string, string[]>();
  let section = '';
  for (const [index, row] of table.rows.entries()) {
    if (isHeader(row)) section = row.cells.control ?? '';
    const rows = sections.get(section) ?? [];
    rows.push(write(row, index));
    sections.set(section, rows);
  }
  return `{${[...sections].map(([key, rows]) => `${JSON.stringify(key)}:[${rows.join(',')}]`).join(',')}}`;
};
