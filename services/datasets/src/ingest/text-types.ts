import type { ColumnType } from '@vindima/contracts';
import { literal } from '../engine/sql.ts';

/** What a column of text could hold, from the strictest. Each is decided on every value of the column. */
export const hypotheses = ['integer', 'number', 'number_comma', 'boolean', 'date', 'datetime', 'datetime_tz'] as const;
export type Hypothesis = (typeof hypotheses)[number];

/** Texts that mean "missing" in a column whose other values are numbers, dates or booleans; each use is reported. */
export const missingWords = ['NA', 'N/A', 'n/a', 'na', 'NULL', 'null', 'NaN', 'nan', 'None', '-', '#N/A'] as const;

const number = String.raw`-?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][+-]?[0-9]+)?`;
const numberComma = String.raw`-?(0|[1-9][0-9]*|[1-9][0-9]{0,2}(\.[0-9]{3})+)?(,[0-9]*)?([eE][+-]?[0-9]+)?`;
const date = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const clock = String.raw`[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?`;
const zone = '(Z|[+-][0-9]{2}(:?[0-9]{2})?)';

const matches = (column: string, pattern: string) => `regexp_full_match(${column}, ${literal(pattern)})`;
const toPoint = (column: string) => `replace(replace(${column}, '.', ''), ',', '.')`;
// CASE computes its later parts only where the earlier ones did not decide; AND and OR compute everything everywhere.
const when = (condition: string, then: string, otherwise: string) =>
  `CASE WHEN ${condition} THEN ${then} ELSE ${otherwise} END`;

/**
 * Up to 15 significant digits a double keeps every number; beyond 17 none; between, if it reads the same again.
 * `text` has a decimal point.
 */
const exactDouble = (text: string) => {
  const value = `TRY_CAST(${text} AS DOUBLE)`;
  const finite = `coalesce(isfinite(${value}), false)`;
  const digits = `length(ltrim(regexp_replace(${text}, '[eE].*$|[^0-9]', '', 'g'), '0'))`;
  const again = `coalesce(TRY_CAST(${text} AS DECIMAL(38, 18)) = TRY_CAST(CAST(${value} AS VARCHAR) AS DECIMAL(38, 18)), false)`;
  return when(
    `length(${text}) <= 15`,
    finite,
    when(`${digits} <= 15`, finite, `(${finite} AND ${digits} <= 17 AND ${again})`),
  );
};

/** SQL that tells whether the text `column` is what the hypothesis says, without loss. */
export const holds = (hypothesis: Hypothesis, column: string): string => {
  switch (hypothesis) {
    case 'integer':
      // Only the usual writing comes back the same: not 01, +1, 1e3 or a number beyond 64 bits.
      return `coalesce(CAST(TRY_CAST(${column} AS BIGINT) AS VARCHAR) = ${column}, false)`;
    case 'number':
      return when(matches(column, number), exactDouble(column), 'false');
    case 'number_comma':
      return when(matches(column, numberComma), exactDouble(toPoint(column)), 'false');
    case 'boolean':
      return `(lower(${column}) IN ('true', 'false'))`;
    case 'date':
      return when(matches(column, date), `TRY_CAST(${column} AS DATE) IS NOT NULL`, 'false');
    case 'datetime':
      return when(matches(column, `${date}([T ]${clock})?`), `TRY_CAST(${column} AS TIMESTAMP) IS NOT NULL`, 'false');
    case 'datetime_tz':
      return when(
        matches(column, `${date}[T ]${clock} ?${zone}`),
        `TRY_CAST(${column} AS TIMESTAMPTZ) IS NOT NULL`,
        'false',
      );
  }
};

/** SQL that turns the text `column`, which holds to the hypothesis, into its type. */
export const convert = (hypothesis: Hypothesis | 'string', column: string): string => {
  switch (hypothesis) {
    case 'string':
      return column;
    case 'integer':
      return `CAST(${column} AS BIGINT)`;
    case 'number':
      return `CAST(${column} AS DOUBLE)`;
    case 'number_comma':
      return `CAST(${toPoint(column)} AS DOUBLE)`;
    case 'boolean':
      return `(lower(${column}) = 'true')`;
    case 'date':
      return `CAST(${column} AS DATE)`;
    case 'datetime':
      return `CAST(${column} AS TIMESTAMP)`;
    case 'datetime_tz':
      return `CAST(${column} AS TIMESTAMPTZ)`;
  }
};

export const columnTypeOf = (hypothesis: Hypothesis | 'string'): ColumnType =>
  hypothesis === 'number_comma' ? 'number' : hypothesis;
