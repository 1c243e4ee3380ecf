import { join } from 'node:path';
import type { Dialect, UploadOptions } from '@vindima/contracts';
import type { Session } from '../../engine/session.ts';
import { identifier, literal } from '../../engine/sql.ts';
import { columnNames } from '../column-names.ts';
import { readText } from '../encoding.ts';
import { type Inference, inferTypes, isMissingWord } from '../infer-types.ts';
import { unreadable } from '../refuse.ts';
import type { SourceColumn, TableSource } from '../table-source.ts';
import { columnTypeOf, convert, type Hypothesis, hypotheses } from '../text-types.ts';
import type { Warnings } from '../warnings.ts';
import { type DecidedDialect, decideDialect } from './decide-dialect.ts';
import type { CsvDialect, Scan } from './dialect.ts';
import { isHeader } from './header.ts';
import { normalDialect, normalizeCsv } from './normalize.ts';
import { firstRecord } from './records.ts';

/**
 * Reads a table of text. Encoding, dialect, header, decimal mark and types are decided on the whole file, one after the
 * other; what `options` says is not decided. DuckDB gets a file in one known dialect and reads everything as text.
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
  const text = await readText(path, join(folder, 'utf-8.csv'), options.encoding);
  const dialect = await decideDialect(text.path, options, claimed, limits);
  const first = await firstRecord(text.path, dialect);
  if (first === undefined) throw unreadable('empty', 'The file has no rows.');

  let file = text.path;
  let reading: CsvDialect = dialect;
  if (!dialect.regular) {
    file = join(folder, 'normal.csv');
    await normalizeCsv(text.path, file, dialect, usualWidth(dialect, first.fields.length), warnings);
    reading = normalDialect;
  }
  const nullValues = options.null_values ?? [''];
  const width = dialect.width;
  const raw = Array.from({ length: width }, (_, index) => `c${index}`);
  const relation = (header: boolean) => readCsvCall(file, reading, raw, header, nullValues, limits.rowBytes);
  const allowed = hypotheses.filter((one) =>
    options.decimal === '.' ? one !== 'number_comma' : options.decimal === ',' ? one !== 'number' : true,
  );
  const fields = Array.from({ length: width }, (_, index) => first.fields[index] ?? '');
  const dataRows = dialect.scan.records - (width > 1 ? dialect.scan.blank : 0) - 1;

  let inference = await inferTypes(session, relation(true), raw, allowed);
  const header = options.header ?? (await isHeader(session, fields, inference, dataRows));
  if (!header) inference = await inferTypes(session, relation(false), raw, allowed);

  const decimal = options.decimal ?? decideDecimal(inference);
  const names = header
    ? columnNames(fields.map(emptyToMissing), warnings)
    : columnNames(
        fields.map(() => undefined),
        warnings,
      );
  const columns = inference.map((one, index): SourceColumn => {
    const name = names[index] ?? `column_${index + 1}`;
    const column = raw[index] ?? '';
    const wanted = options.types?.[name];
    if (wanted !== undefined) return { name, type: wanted, sql: override(wanted, column, decimal) };
    return inferred(name, column, typeFor(one, decimal), one, warnings);
  });
  for (const name of Object.keys(options.types ?? {})) {
    if (!names.includes(name))
      throw unreadable('unknown_column', `There is no column ${JSON.stringify(name)}.`, { column: name });
  }
  return {
    relation: relation(header),
    columns,
    dialect: {
      encoding: text.encoding,
      delimiter: dialect.delimiter,
      quote: dialect.quote,
      decimal,
      header,
      line_ending: lineEnding(dialect.scan),
      null_values: [...nullValues],
    },
  };
};

const emptyToMissing = (name: string) => (name === '' ? undefined : name);

/** Fields that a row ought to have: as many as the first, unless most rows agree on another number. */
const usualWidth = (dialect: DecidedDialect, first: number): number => {
  const widths = [...(dialect.scan.widths.get(dialect.delimiter) ?? [])];
  const total = widths.reduce((sum, [, count]) => sum + count, 0);
  const most = widths.find(([, count]) => count > total / 2);
  return most?.[0] ?? first;
};

const readCsvCall = (
  file: string,
  { delimiter, quote }: CsvDialect,
  columns: readonly string[],
  header: boolean,
  nullValues: readonly string[],
  rowBytes: number,
): string => {
  const types = columns.map((column) => `${literal(column)}: 'VARCHAR'`).join(', ');
  // DuckDB takes at least one text for missing; this one cannot be in a text file.
  const nulls = nullValues.length === 0 ? ["'\u0001\u0002\u0001'"] : nullValues.map(literal);
  return `read_csv(${literal(file)}, auto_detect = false, header = ${header}, columns = {${types}},
    delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(quote)}, nullstr = [${nulls.join(', ')}],
    allow_quoted_nulls = true, strict_mode = true, max_line_size = ${rowBytes * 2}, buffer_size = ${Math.max(rowBytes * 4, 2 ** 23)})`;
};

const decideDecimal = (inference: readonly Inference[]): '.' | ',' => {
  const only = (one: Hypothesis, other: Hypothesis) =>
    inference.some(({ alive }) => alive.includes(one) && !alive.includes(other));
  return only('number_comma', 'number') && !only('number', 'number_comma') ? ',' : '.';
};

const typeFor = ({ alive }: Inference, decimal: '.' | ','): Hypothesis | 'string' => {
  const wrong = decimal === '.' ? 'number_comma' : 'number';
  return hypotheses.find((one) => one !== wrong && alive.includes(one)) ?? 'string';
};

const inferred = (
  name: string,
  column: string,
  type: Hypothesis | 'string',
  inference: Inference,
  warnings: Warnings,
): SourceColumn => {
  const quoted = identifier(column);
  if (type === 'string' && inference.alive.length > 0) {
    warnings.add({
      code: 'other_decimal_mark',
      message: 'The numbers of this column have another decimal mark than the file; it is kept as text',
      column: name,
    });
  }
  if (type === 'string' || inference.missingWords === 0) {
    return { name, type: columnTypeOf(type), sql: convert(type, quoted) };
  }
  warnings.add({
    code: 'missing_words',
    message: `${inference.missingWords} values such as NA or null were read as missing`,
    column: name,
  });
  return {
    name,
    type: columnTypeOf(type),
    sql: `CASE WHEN ${isMissingWord(quoted)} THEN NULL ELSE ${convert(type, quoted)} END`,
  };
};

const override = (type: NonNullable<UploadOptions['types']>[string], column: string, decimal: string): string => {
  const quoted = identifier(column);
  if (type === 'number' && decimal === ',') return convert('number_comma', quoted);
  if (type === 'boolean') return `CAST(${quoted} AS BOOLEAN)`;
  return convert(type, quoted);
};

const lineEnding = ({ lineEndings: { lf, crlf, cr } }: Scan): NonNullable<Dialect['line_ending']> => {
  if ([lf, crlf, cr].filter((count) => count > 0).length > 1) return 'mixed';
  return crlf > 0 ? '\r\n' : cr > 0 ? '\r' : '\n';
};
