/** A cell of a year: a number where it is one, 0 where it is blank, else null. */
const value = (cell: string) =>
  cell === '' ? '0' : /^\d+([.,]\d+)?$/.test(cell) ? String(Number(cell.replace(',', '.'))) : 'null';

/**
 * The body that the program before this platform made of a file, as text: JavaScript would move the years to the front. Written for the
 * published files alone (no quotes, no byte order mark), and with nothing of the service's own reader, which it judges.
 */
export const originalText = (text: string): string => {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const delimiter = header.includes('\t') ? '\t' : ';';
  const labels = header
    .split(delimiter)
    .map((label, index, all) => (all.indexOf(label) === index ? label : `${label}.1`));
  const control = labels.indexOf('control');
  const rows = lines.map((line) => line.split(delimiter));
  const isHeader = (row: readonly string[]) =>
    /\p{Lu}/u.test(row[control] ?? '') && !/\p{Ll}/u.test(row[control] ?? '');
  const sectioned = rows.some(isHeader);
  const write = (row: readonly string[]) => {
    const kept = row
      .map((cell, index) => [labels[index] ?? '', cell] as const)
      .filter((_, index) => !sectioned || index !== control);
    return `{${kept.map(([label, cell]) => `"${label}":${/^\d{4}/.test(label) ? value(cell) : /^id$/i.test(label) ? cell : JSON.stringify(cell)}`).join(',')}}`;
  };
  if (!sectioned) return `[${rows.map(write).join(',')}]`;
  const starts = rows.flatMap((row, index) => (isHeader(row) ? [index] : []));
  const section = (start: number, at: number) =>
    `${JSON.stringify(rows[start]?.[control])}:[${rows
      .slice(start, starts[at + 1])
      .map(write)
      .join(',')}]`;
  return `{${starts.map(section).join(',')}}`;
};
