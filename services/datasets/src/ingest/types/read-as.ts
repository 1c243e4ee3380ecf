import type { CastType } from '@vindima/contracts';
import { literal } from '../../engine/sql.ts';
import { readDate } from './read-date.ts';

/** How texts are written that are to become values of a type. */
export interface TextFormat {
  readonly decimal?: '.' | ',' | undefined;
  /** Between thousands, in groups of three throughout; undefined or empty: none. */
  readonly thousands?: string | undefined;
  /** `day_first`, `month_first`, or as strptime has it (%d/%m/%Y). */
  readonly date?: string | undefined;
  /** The first of the hundred years that %y means. */
  readonly pivotYear?: number | undefined;
  readonly trueValues?: readonly string[] | undefined;
  readonly falseValues?: readonly string[] | undefined;
  /** 12% is 0.12 */
  readonly percent?: boolean | undefined;
  /** A sign before or behind the number, which is left out. */
  readonly currency?: string | undefined;
  /** (12) is -12 */
  readonly brackets?: boolean | undefined;
}

const trueWords = ['true', 'yes', '1'];
const falseWords = ['false', 'no', '0'];

const when = (condition: string, then: string) => `CASE WHEN ${condition} THEN ${then} END`;
const matches = (text: string, pattern: string) => `regexp_full_match(${text}, ${literal(pattern)})`;

/**
 * SQL of the text `text` as a value of `type`, or NULL where it is none: every value is exact or not there. Uploads with
 * `types`, reading again and `cast` share it.
 * @param scale digits behind the mark of a decimal
 */
export const readAs = (type: CastType, text: string, format: TextFormat = {}, scale = 9): string => {
  const trimmed = `trim(${text})`;
  switch (type) {
    case 'string':
      return text;
    case 'integer': {
      const number = plainNumber(trimmed, format);
      return when(matches(number, '[-+]?[0-9]+'), `TRY_CAST(${number} AS BIGINT)`);
    }
    case 'number':
      return exactDouble(plainNumber(trimmed, format));
    case 'decimal':
      return exactDecimal(plainNumber(trimmed, format), scale);
    case 'boolean':
      return `CASE WHEN ${isWord(trimmed, format.trueValues ?? trueWords)} THEN true WHEN ${isWord(trimmed, format.falseValues ?? falseWords)} THEN false END`;
    case 'date':
      return `CAST(${readDate(trimmed, false, format)} AS DATE)`;
    case 'datetime':
      return readDate(trimmed, true, format);
  }
};

const isWord = (text: string, words: readonly string[]): string =>
  words.length === 0 ? 'false' : `lower(${text}) IN (${words.map((word) => literal(word.toLowerCase())).join(', ')})`;

/** SQL of a number with a point and without separators, sign of currency or brackets; NULL where a text is no number. */
export const plainNumber = (
  text: string,
  { decimal = '.', thousands = '', percent, currency, brackets }: TextFormat,
): string => {
  let number = text;
  if (currency !== undefined && currency !== '') number = `trim(replace(${number}, ${literal(currency)}, ''))`;
  if (brackets === true) number = `regexp_replace(${number}, '^\\((.*)\\)$', '-\\1')`;
  if (percent === true) number = `rtrim(rtrim(${number}, '%'))`;
  const mark = decimal === '.' ? String.raw`\.` : ',';
  const group = thousands === '' ? '' : `|[0-9]{1,3}(${quoted(thousands)}[0-9]{3})+`;
  const pattern = `[-+]?(([0-9]+${group})(${mark}[0-9]*)?|${mark}[0-9]+)([eE][-+]?[0-9]+)?`;
  const plain = thousands === '' ? number : `replace(${number}, ${literal(thousands)}, '')`;
  return when(matches(number, pattern), decimal === ',' ? `replace(${plain}, ',', '.')` : plain);
};

const quoted = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** A double, if it holds the number: up to 15 digits always, up to 17 if it reads the same again. */
const exactDouble = (number: string): string => {
  const value = `TRY_CAST(${number} AS DOUBLE)`;
  const digits = `length(ltrim(regexp_replace(${number}, '[eE].*$|[^0-9]', '', 'g'), '0'))`;
  const again = `TRY_CAST(${number} AS DECIMAL(38, 18)) = TRY_CAST(CAST(${value} AS VARCHAR) AS DECIMAL(38, 18))`;
  return when(`isfinite(${value}) AND (${digits} <= 15 OR (${digits} <= 17 AND coalesce(${again}, false)))`, value);
};

/** A decimal of `scale` places, if nothing is rounded. */
const exactDecimal = (number: string, scale: number): string => {
  const places = `length(rtrim(regexp_replace(regexp_replace(${number}, '[eE].*$', ''), '^[^.]*\\.?', ''), '0'))`;
  return when(
    `NOT contains(lower(${number}), 'e') AND ${places} <= ${scale}`,
    `TRY_CAST(${number} AS DECIMAL(38, ${scale}))`,
  );
};

/** SQL of the digits behind the mark that a text needs as a decimal. */
export const scaleOf = (text: string, format: TextFormat): string =>
  `length(rtrim(regexp_replace(${plainNumber(`trim(${text})`, format)}, '^[^.]*\\.?', ''), '0'))`;
