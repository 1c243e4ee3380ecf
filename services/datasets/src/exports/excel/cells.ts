import { identifier } from '../../engine/sql.ts';
import type { TableColumn } from '../../steps/table.ts';
import { decimalShape } from '../primitive.ts';

/** Numbers of the cell styles in styles.ts. */
export const style = {
  general: 0,
  integer: 1,
  decimals: 2,
  date: 3,
  datetime: 4,
  time: 5,
  quoted: 6,
  heading: 7,
} as const;

/**
 * SQL of the cells of a column as SpreadsheetML. Building them in DuckDB, a column at a time, is many times faster than
 * value by value in JavaScript. What Excel's doubles and calendar cannot hold exactly becomes text.
 */
export const cell = (column: TableColumn): string => {
  const name = identifier(column.name);
  return `CASE WHEN ${name} IS NULL THEN '<c/>' ELSE ${presentCell(column, name)} END`;
};

const presentCell = (column: TableColumn, name: string): string => {
  const text = `CAST(${name} AS VARCHAR)`;
  switch (column.type) {
    case 'integer':
      return `CASE WHEN abs(CAST(${name} AS HUGEINT)) <= 9007199254740992 THEN ${numberCell(style.integer, text)} ELSE ${textCell(text)} END`;
    case 'number':
      // Whole numbers show a decimal, so that they are read as what they are: numbers that need not be whole.
      return `CASE WHEN NOT isfinite(${name}) THEN '<c t="e"><v>#NUM!</v></c>'
        WHEN ${name} = trunc(${name}) AND abs(${name}) < 1e15 THEN ${numberCell(style.decimals, text)} ELSE ${numberCell(style.general, text)} END`;
    case 'decimal':
      return decimalShape(column).precision <= 15
        ? numberCell(style.general, text)
        : `CASE WHEN length(ltrim(replace(${text}, '.', ''), '-0')) <= 15 THEN ${numberCell(style.general, text)} ELSE ${textCell(text)} END`;
    case 'boolean':
      return `'<c t="b"><v>' || CASE WHEN ${name} THEN '1' ELSE '0' END || '</v></c>'`;
    case 'date':
      return `CASE WHEN ${inCalendar(name)} THEN ${numberCell(style.date, `CAST(${name} - DATE '1899-12-30' AS VARCHAR)`)} ELSE ${textCell(text)} END`;
    case 'datetime':
      return `CASE WHEN ${inCalendar(name)} AND epoch_us(${name}) % 1000 = 0
        THEN ${numberCell(style.datetime, `CAST((epoch_ms(${name}) + 2209161600000) / 86400000.0::DOUBLE AS VARCHAR)`)} ELSE ${textCell(text)} END`;
    case 'time':
      return `CASE WHEN microsecond(${name}) % 1000 = 0
        THEN ${numberCell(style.time, `CAST(((hour(${name}) * 3600 + minute(${name}) * 60) * 1000 + millisecond(${name})) / 86400000.0::DOUBLE AS VARCHAR)`)} ELSE ${textCell(text)} END`;
    case 'datetime_tz':
      return textCell(`replace(replace(${text}, ' ', 'T'), '+00', 'Z')`);
    case 'binary':
      return textCell(`to_base64(${name})`);
    default:
      return textCell(text);
  }
};

/** Before March 1900 the calendars of spreadsheets disagree. */
const inCalendar = (name: string) => `${name} >= DATE '1900-03-01' AND ${name} < DATE '9999-12-31'`;

const numberCell = (number: number, value: string) => `'<c s="${number}"><v>' || ${value} || '</v></c>'`;

/** Text is never a formula in a workbook; what looks like one is marked as quoted, so that it stays text when it is edited. */
const textCell = (value: string) =>
  `'<c t="inlineStr"' || CASE WHEN left(${value}, 1) IN ('=', '+', '-', '@') THEN ' s="${style.quoted}"' ELSE '' END ||
   '><is><t xml:space="preserve">' || ${escapedSql(value)} || '</t></is></c>'`;

const forbidden = [...Array(32).keys()].filter((code) => code !== 9 && code !== 10);

/** Characters that XML cannot hold are written as _xHHHH_, and so is the underscore of text that looks like that already. */
const escapedSql = (value: string): string => {
  const plain = `replace(replace(replace(${value}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')`;
  const marked = `regexp_replace(${plain}, '_(x[0-9A-Fa-f]{4}_)', '_x005F_\\1', 'g')`;
  const controls = forbidden.reduce(
    (sql, code) => `replace(${sql}, chr(${code}), '_x${code.toString(16).toUpperCase().padStart(4, '0')}_')`,
    marked,
  );
  return `CASE WHEN regexp_matches(${value}, '[\\x00-\\x08\\x0b-\\x1f]') THEN ${controls} WHEN contains(${value}, '_x') THEN ${marked} ELSE ${plain} END`;
};

/** Text of a heading as XML. */
export const escapedXml = (text: string): string =>
  text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
