import { join } from 'node:path';
import type { Dialect, UploadOptions } from '@vindima/contracts';
import type { Session } from '../../engine/session.ts';
import { literal } from '../../engine/sql.ts';
import { columnNames } from '../column-names.ts';
import type { TableSource } from '../table-source.ts';
import { readText } from '../text/read-text.ts';
import { typeTextColumns } from '../types/type-text-columns.ts';
import type { Warnings } from '../warnings.ts';
import { type Decided, decideDialect } from './decide-dialect.ts';
import type { CsvDialect } from './dialect.ts';
import { normalDialect, normalizeCsv } from './normalize.ts';
import { withoutFirstLines } from './skip-lines.ts';

/**
 * Reads a table of text. Encoding, dialect, place of the table, decimal mark and types are decided one after the other; what
 * `options` says is not decided. DuckDB gets a file in one known dialect and reads everything as text.
 * @param claimed whether the file's name says that it is CSV
 */
export const readCsv = async (
  session: Session,
  path: string,
  options: UploadOptions,
  claimed: boolean,
  warnings: Warnings,
): Promise<TableSource> => {
  const { folder, limits } = session;
  const text = await readText(path, join(folder, 'utf-8.csv'), options.encoding, warnings);
  const source = await withoutFirstLines(text.path, join(folder, 'skipped.csv'), options.skip_rows ?? 0);
  const decided = await decideDialect(source, options, claimed, limits, warnings);
  const { layout, width } = decided;
  let file = source;
  let reading: CsvDialect = decided.dialect;
  let widest = width;
  let expected = decided.regular ? decided.records - layout.headerRows : 0;
  if (!decided.regular) {
    file = join(folder, 'normal.csv');
    ({ widest, rows: expected } = await normalizeCsv(source, file, decided, warnings, limits));
    reading = normalDialect;
  }
  await session.widen(widest);
  const nullValues = options.null_values ?? [''];
  const raw = Array.from({ length: widest }, (_, index) => `c${index}`);
  const call = readCsvCall(file, reading, {
    columns: raw,
    header: decided.regular && layout.headerRows > 0,
    isLineFeed: !decided.regular || decided.lineEndings.crlf === 0,
    nullValues,
    rowBytes: limits.rowBytes,
  });
  const names = columnNames(
    raw.map((_, index) => emptyToMissing(layout.names?.[index])),
    warnings,
  );
  const relation = decided.regular && layout.names !== undefined ? withoutHeader(call, layout.names, raw) : call;
  const { columns, decimal, floats } = await typeTextColumns(
    session,
    {
      relation,
      columns: raw.map((column, index) => ({ column, name: names[index] ?? column })),
      // Rows with more fields than the table has columns do not decide what its columns hold.
      usual: width,
      delimiter: decided.dialect.delimiter,
    },
    options,
    warnings,
  );
  return {
    relation,
    columns,
    expected,
    dialect: {
      encoding: text.encoding,
      ...shownDialect(decided),
      decimal,
      header: layout.names !== undefined,
      ...(floats.length === 0 ? {} : { float_columns: floats }),
      line_ending: lineEndingOf(decided.lineEndings),
      null_values: [...nullValues],
    },
  };
};

const emptyToMissing = (name: string | undefined) => (name === undefined || name.trim() === '' ? undefined : name);

/** A header that comes again among the rows is none of them. */
const withoutHeader = (call: string, names: readonly string[], raw: readonly string[]): string => {
  if (raw.length < 2 || names.some((name) => name === '')) return call;
  const same = raw.map((column, index) => `${column} = ${literal(names[index] ?? '')}`).slice(0, 50);
  return `(SELECT * FROM ${call} WHERE NOT coalesce(${same.join(' AND ')}, false))`;
};

const shownDialect = ({ dialect, layout, width }: Decided): Partial<Dialect> => ({
  ...(dialect.places === undefined
    ? { delimiter: dialect.delimiter }
    : { widths: dialect.places.map(([from, to]) => (to ?? from) - from) }),
  quote: dialect.quote,
  ...(dialect.escape === dialect.quote ? {} : { escape: dialect.escape }),
  ...(dialect.skipSpace ? { skip_space: true } : {}),
  ...(dialect.comment === undefined ? {} : { comment: dialect.comment }),
  ...(layout.preamble > 0 && width > 0 ? { skip_rows: layout.preamble } : {}),
  ...(layout.headerRows > 1 ? { header_rows: layout.headerRows } : {}),
});

interface CsvCall {
  readonly columns: readonly string[];
  readonly header: boolean;
  /** Whether lines end in LF: said, since DuckDB would take it from inside a quoted field; CRLF it must find itself. */
  readonly isLineFeed: boolean;
  readonly nullValues: readonly string[];
  readonly rowBytes: number;
}

const readCsvCall = (
  file: string,
  { delimiter, quote }: CsvDialect,
  { columns, header, isLineFeed, nullValues, rowBytes }: CsvCall,
): string => {
  const types = columns.map((column) => `${literal(column)}: 'VARCHAR'`).join(', ');
  // DuckDB takes at least one text for missing; this one cannot be in a text file.
  const nulls = nullValues.length === 0 ? ["'\u0001\u0002\u0001'"] : nullValues.map(literal);
  return `read_csv(${literal(file)}, auto_detect = false, header = ${header}, columns = {${types}},
    delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(quote)}, nullstr = [${nulls.join(', ')}],
    allow_quoted_nulls = true, strict_mode = true, ${isLineFeed ? "new_line = '\\n', " : ''} max_line_size = ${rowBytes * 2}, buffer_size = ${Math.max(rowBytes * 4, 2 ** 23)})`;
};

const lineEndingOf = ({ lf, crlf, cr }: Decided['lineEndings']): NonNullable<Dialect['line_ending']> => {
  if ([lf, crlf, cr].filter((count) => count > 0).length > 1) return 'mixed';
  return crlf > 0 ? '\r\n' : cr > 0 ? '\r' : '\n';
};
