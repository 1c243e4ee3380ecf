type Cell = string | number | boolean | null;

const csvCell = (value: Cell): string => {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180 with a header, UTF-8, LF; missing is empty. */
export const toCsv = <Name extends string>(
  columns: readonly Name[],
  rows: Iterable<Readonly<Record<Name, Cell>>>,
): string => {
  let text = `${columns.join(',')}\n`;
  for (const row of rows) text += `${columns.map((column) => csvCell(row[column])).join(',')}\n`;
  return text;
};

/** One JSON object per line. */
export const toNdjson = (figures: Iterable<object>): string => {
  let text = '';
  for (const figure of figures) text += `${JSON.stringify(figure)}\n`;
  return text;
};

/** A page as every list of the platform has it, with how many rows all pages have. */
export const toJsonPage = (figures: Iterable<object>, total: number, nextCursor: string | null): string => {
  const items: string[] = [];
  for (const figure of figures) items.push(JSON.stringify(figure));
  return `{"items":[${items.join(',')}],"total":${total},"next_cursor":${JSON.stringify(nextCursor)}}`;
};
