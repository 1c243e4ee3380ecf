import type { UploadOptions } from '@vindima/contracts';
import type { Session } from '../../engine/session.ts';
import { identifier, literal } from '../../engine/sql.ts';
import { isEscapedFormula, runsAsFormula } from '../../exports/formulas.ts';
import { unreadable } from '../refuse.ts';
import type { SourceColumn } from '../table-source.ts';
import type { Warnings } from '../warnings.ts';
import { countOf, type DecidedType } from './column-facts.ts';
import { convert } from './convert.ts';
import { countShapes } from './count-shapes.ts';
import { decideDecimal, decideType } from './decide-types.ts';
import { commaShapes, pointShapes } from './number-shapes.ts';
import { textFormatOf } from './options.ts';
import { readAs } from './read-as.ts';
import { escapedScale, isMissingWord, shapeCode } from './shapes.ts';
import { typeAsTold } from './type-as-told.ts';

/** A table whose columns are all text. */
export interface TextTable {
  /** SQL for FROM. */
  readonly relation: string;
  readonly columns: readonly { readonly column: string; readonly name: string }[];
  /** Columns that a row usually has: rows with more have no say in what the columns hold. */
  readonly usual: number;
  readonly delimiter?: string | undefined;
}

/** Of so many columns the value is named that does not fit; each needs a look at its rows. */
const namedColumns = 20;

/** Decides the types of columns of text on all their values, and says what had to be decided. */
export const typeTextColumns = async (
  session: Session,
  table: TextTable,
  options: UploadOptions,
  warnings: Warnings,
): Promise<{ columns: SourceColumn[]; decimal: '.' | ','; floats: string[] }> => {
  const extra = table.columns.slice(table.usual).map(({ column }) => `${identifier(column)} IS NOT NULL`);
  const odd = extra.length === 0 ? undefined : `(${extra.join(' OR ')})`;
  const even = odd === undefined ? table.relation : `(SELECT * FROM ${table.relation} WHERE NOT ${odd})`;
  const names = table.columns.map(({ column }) => column);
  const counts = [
    ...(await countShapes(session, even, names.slice(0, table.usual))),
    ...(await countShapes(session, table.relation, names.slice(table.usual))),
  ];
  const { decimal: found, mixedMarks } = decideDecimal(counts);
  const decimal = options.decimal ?? found;
  const context = {
    decimal,
    mixedMarks,
    told: options.decimal !== undefined,
    delimiter: table.delimiter,
    thousands: options.thousands,
    ...dateOrder(options),
  };
  const told = await typeAsTold(session, table, options, textFormatOf(options, decimal));
  const columns: SourceColumn[] = [];
  const floats: string[] = [];
  let named = 0;
  for (const [index, { column, name }] of table.columns.entries()) {
    const of = counts[index] ?? new Map();
    const sql = identifier(column);
    const asTold = told.get(name);
    if (asTold !== undefined) {
      columns.push(asTold);
      continue;
    }
    const decided = decideType(of, context);
    const isNamed = decided.almost !== undefined && named < namedColumns;
    if (isNamed) named += 1;
    const first = isNamed ? await firstMisfit(session, table.relation, sql, decimal) : 'another';
    const messages = decided.notes.map(({ code, message }) => ({
      code,
      message: message.replace('{row}', () => first),
    }));
    const refused = decided.almost !== undefined && options.on_error === 'refuse';
    if (refused)
      throw unreadable('wrong_value', `Column ${JSON.stringify(name)}: ${messages[0]?.message}.`, { column: name });
    const lenient = options.on_error === 'missing' ? decided.almost : undefined;
    const fate =
      decided.almost === undefined
        ? ''
        : lenient === undefined
          ? ', so they are kept as text'
          : ', so what does not is missing';
    for (const { code, message } of messages) warnings.add({ code, message: `${message}${fate}`, column: name });
    if (lenient !== undefined) {
      columns.push({ name, type: lenient.type, sql: oddValue(lenient, sql) });
      continue;
    }
    if (decided.floats) floats.push(name);
    const read = {
      name,
      sql,
      decided,
      missing: countOf(of, 'missing'),
      odd: index >= table.usual ? undefined : odd,
      escaped: options.unescape_formulas !== false && of.get('other')?.scales.has(escapedScale) === true,
    };
    columns.push(await sourceColumn(session, table.relation, read, warnings));
  }
  if (odd !== undefined) await tellMisfits(session, table, columns, odd, warnings);
  return { columns, decimal, floats };
};

const dateOrder = ({ date_format: format }: UploadOptions): { dayFirst?: boolean } =>
  format === 'day_first' ? { dayFirst: true } : format === 'month_first' ? { dayFirst: false } : {};

/** The first value that is no number, and its row, for a message. */
const firstMisfit = async (session: Session, relation: string, sql: string, decimal: '.' | ','): Promise<string> => {
  const shapes = [...(decimal === '.' ? pointShapes : commaShapes), 'missing' as const];
  const row = await session.row(
    `SELECT min(place) AS place, arg_min(value, place) AS value FROM (SELECT row_number() OVER () AS place, ${sql} AS value FROM ${relation})
     WHERE value IS NOT NULL AND ${shapeCode('value', shapes)} < 0`,
  );
  return `row ${row.place}, ${JSON.stringify(String(row.value).slice(0, 100))},`;
};

interface ColumnToRead {
  readonly name: string;
  readonly sql: string;
  readonly decided: DecidedType;
  readonly missing: number;
  readonly odd: string | undefined;
  /** Whether some texts are formulas with an apostrophe before them. */
  readonly escaped: boolean;
}

const sourceColumn = async (
  session: Session,
  relation: string,
  { name, sql, decided, missing, odd, escaped }: ColumnToRead,
  warnings: Warnings,
): Promise<SourceColumn> => {
  const { type, reading } = decided;
  if (reading.as === 'text') {
    if (escaped) return unescapedColumn(session, relation, { name, sql }, warnings);
    if (missing === 0) return { name, type, sql };
    // What MySQL writes for NULL is never a text.
    const { count } = await session.row(`SELECT count(*) AS count FROM ${relation} WHERE ${sql} = ${literal('\\N')}`);
    if (Number(count) === 0) return { name, type, sql };
    warnings.add({ code: 'missing_words', message: `${count} values \\N were read as missing`, column: name });
    return { name, type, sql: `nullif(${sql}, ${literal('\\N')})` };
  }
  let value = convert(reading, sql);
  if (odd !== undefined) value = `CASE WHEN ${odd} THEN ${oddValue(decided, sql)} ELSE ${value} END`;
  if (missing === 0) return { name, type, sql: value };
  warnings.add({
    code: 'missing_words',
    message: `${missing} values such as NA or null were read as missing`,
    column: name,
  });
  return { name, type, sql: `CASE WHEN ${isMissingWord(sql)} THEN NULL ELSE ${value} END` };
};

/**
 * Takes away the apostrophes that a CSV download puts before formulas; not in a column that has a formula without one, which
 * no such download has.
 */
const unescapedColumn = async (
  session: Session,
  relation: string,
  { name, sql }: { name: string; sql: string },
  warnings: Warnings,
): Promise<SourceColumn> => {
  const row = await session.row(
    `SELECT count(*) FILTER (WHERE ${isEscapedFormula(sql)}) AS escaped, count(*) FILTER (WHERE ${runsAsFormula(sql)}) AS bare FROM ${relation}`,
  );
  if (Number(row.bare) > 0) return { name, type: 'string', sql };
  const message = `${row.escaped} apostrophes before formulas were taken away, as CSV downloads put them there (unescape_formulas=false keeps them)`;
  warnings.add({ code: 'unescaped_formulas', message, column: name });
  return { name, type: 'string', sql: `CASE WHEN ${isEscapedFormula(sql)} THEN substr(${sql}, 2) ELSE ${sql} END` };
};

/** A value of a row with too many fields: what does not fit is missing. */
const oddValue = ({ type, reading }: DecidedType, sql: string): string => {
  if (reading.as === 'number' || reading.as === 'decimal') {
    const thousands = reading.grouped ? (reading.decimal === '.' ? ',' : '.') : '';
    return readAs(
      type as 'number' | 'decimal' | 'integer',
      sql,
      { decimal: reading.decimal, thousands },
      reading.scale,
    );
  }
  if (reading.as === 'local_date' || reading.as === 'local_datetime') {
    return readAs(type as 'date' | 'datetime', sql, { date: reading.dayFirst ? 'day_first' : 'month_first' });
  }
  if (reading.as === 'datetime_tz') return `TRY_CAST(${sql} AS TIMESTAMPTZ)`;
  if (reading.as === 'boolean') return `CASE lower(${sql}) WHEN 'true' THEN true WHEN 'false' THEN false END`;
  return readAs(type as 'integer' | 'date' | 'datetime', sql);
};

const tellMisfits = async (
  session: Session,
  table: TextTable,
  columns: readonly SourceColumn[],
  odd: string,
  warnings: Warnings,
) => {
  const typed = columns.flatMap(({ name, type, sql }, index) =>
    type === 'string'
      ? []
      : [{ name, sql: `${identifier(table.columns[index]?.column ?? '')} IS NOT NULL AND (${sql}) IS NULL` }],
  );
  if (typed.length === 0) return;
  const row = await session.row(
    `SELECT ${typed.map(({ sql }, index) => `count(*) FILTER (WHERE ${sql}) AS m${index}`).join(', ')} FROM ${table.relation} WHERE ${odd}`,
  );
  typed.forEach(({ name }, index) => {
    const count = Number(row[`m${index}`]);
    if (count === 0) return;
    warnings.add({
      code: 'misfit',
      message: `${count} values in rows with too many fields do not fit this column; they are missing`,
      column: name,
    });
  });
};
