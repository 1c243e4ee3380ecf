import { literal } from '../../engine/sql.ts';
import { isEscapedFormula } from '../../exports/formulas.ts';
import { missingWords } from '../missing-words.ts';
import { isoDate } from './local-date.ts';

/**
 * What a text could be, and in how many ways it could be meant. Every value has exactly one shape; the types of columns are
 * decided on how often each occurs (see `decide-types.ts`).
 */
export const shapes = [
  /** A whole number as we would write it: no plus, no leading zero, at most 64 bits. */
  'integer',
  /** 12.5 and, in files whose decimal mark is a comma, nothing. */
  'point',
  /** 1.234: a fraction, or a thousand two hundred and thirty-four. */
  'point_or_groups',
  /** 12,5 */
  'comma',
  /** 1,234 */
  'comma_or_groups',
  /** 1.234,5 */
  'point_groups_comma',
  /** 1,234.5 */
  'comma_groups_point',
  /** 1.234.567: groups of thousands, or a code with points. */
  'point_groups',
  /** 1,234,567 */
  'comma_groups',
  /** 1e-05: a number that we would write in another way. */
  'exponent',
  /** .5, 5. or -0: likewise. */
  'unusual',
  /** A whole number beyond 64 bits. */
  'long',
  /** 007 or +55: digits that are no quantity. */
  'code',
  'boolean',
  'date',
  'datetime',
  'datetime_tz',
  /** 31/12/1980 */
  'day_first',
  /** 12/31/1980 */
  'month_first',
  /** 05/06/1980 */
  'either_first',
  /** A word for "missing". */
  'missing',
  'other',
] as const;
export type Shape = (typeof shapes)[number];

const date = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const clock = String.raw`[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?`;
const zone = '(Z|[+-][0-9]{2}(:?[0-9]{2})?)';
const localDate = String.raw`([0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{4})`;

const matches = (text: string, pattern: string) => `regexp_full_match(${text}, ${literal(pattern)})`;
const isOneOf = (text: string, words: readonly string[]) => `(${text} IN (${words.map(literal).join(', ')}))`;

/** SQL: whether a text is a word for "missing". */
export const isMissingWord = (text: string): string => isOneOf(text, missingWords);

// A code is the shape's number, whether the number ends in 0 behind its mark, how well a double holds it (5 more where it
// has thousands), and its scale; of whole numbers and exponents the scale is the length of
// the text, of dates 1 where a time follows.
const perShape = 10_000;
const endsInZero = 1000;
const perFit = 100;
const perThousands = 500;
const largestScale = 99;

export const shapeIndex = (shape: Shape): number => shapes.indexOf(shape);
const plain = (shape: Shape) => String(shapeIndex(shape) * perShape);

/** 0: a double holds it, as it has at most 15 digits; 1: it reads the same again; 2: 18 digits; 3: 38 digits; 4: more. */
const fitOf = (text: string, mark: string): string => {
  const digits = `length(replace(replace(${text}, '-', ''), ${literal(mark)}, ''))`;
  const point = mark === '.' ? text : `replace(${text}, ',', '.')`;
  const again = `TRY_CAST(${point} AS DECIMAL(38, 18)) = TRY_CAST(CAST(TRY_CAST(${point} AS DOUBLE) AS VARCHAR) AS DECIMAL(38, 18))`;
  return `CASE WHEN ${digits} <= 15 THEN 0 WHEN ltrim(replace(replace(${text}, '-', ''), ${literal(mark)}, ''), '0') = '' THEN 0
    WHEN length(ltrim(replace(replace(${text}, '-', ''), ${literal(mark)}, ''), '0')) <= 15 AND ${digits} <= 38 THEN 0
    WHEN ${digits} <= 20 AND coalesce(${again}, false) THEN 1 WHEN ${digits} <= 18 THEN 2 WHEN ${digits} <= 38 THEN 3 ELSE 4 END`;
};

const fraction = (shape: Shape, text: string, mark: string): string =>
  `(${plain(shape)} + least(length(${text}) - strpos(${text}, ${literal(mark)}), ${largestScale})
    + CASE WHEN right(${text}, 1) = '0' THEN ${endsInZero} ELSE 0 END + ${perFit} * (${fitOf(text, mark)})
    + CASE WHEN strpos(ltrim(${text}, '-'), ${literal(mark)}) > 4 THEN ${perThousands} ELSE 0 END)`;

const isDay = (text: string, dayFirst: boolean) => `TRY_CAST(${isoDate(text, dayFirst)} AS TIMESTAMP) IS NOT NULL`;

/** SQL: the code of a text, or NULL for no text. Branches are in the order in which most files need them. */
export const shapeCode = (text: string): string => {
  const when = (condition: string, then: string) => `WHEN ${condition} THEN ${then}`;
  const zero = `(left(${text}, 1) = '-' AND ${matches(text, '-0*[.,]?0*')})`;
  const day = (shape: Shape) => `(${plain(shape)} + CASE WHEN contains(${text}, ':') THEN 1 ELSE 0 END)`;
  const local = `CASE ${when(`${isDay(text, true)} AND ${isDay(text, false)}`, day('either_first'))}
    ${when(isDay(text, true), day('day_first'))} ${when(isDay(text, false), day('month_first'))} ELSE ${plain('other')} END`;
  const numeric = [
    when(`CAST(TRY_CAST(${text} AS BIGINT) AS VARCHAR) = ${text}`, `length(ltrim(${text}, '-'))`),
    when(zero, plain('unusual')),
    when(matches(text, String.raw`-?[1-9][0-9]{0,2}\.[0-9]{3}`), fraction('point_or_groups', text, '.')),
    when(matches(text, String.raw`-?(0|[1-9][0-9]*)\.[0-9]+`), fraction('point', text, '.')),
    when(`${matches(text, date)} AND TRY_CAST(${text} AS DATE) IS NOT NULL`, plain('date')),
    when(`${matches(text, `${date}[T ]${clock}`)} AND TRY_CAST(${text} AS TIMESTAMP) IS NOT NULL`, plain('datetime')),
    when(
      `${matches(text, `${date}[T ]${clock} ?${zone}`)} AND TRY_CAST(${text} AS TIMESTAMPTZ) IS NOT NULL`,
      plain('datetime_tz'),
    ),
    when(matches(text, '-?[1-9][0-9]{0,2},[0-9]{3}'), fraction('comma_or_groups', text, ',')),
    when(matches(text, '-?(0|[1-9][0-9]*),[0-9]+'), fraction('comma', text, ',')),
    when(
      matches(text, String.raw`-?[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+`),
      fraction('point_groups_comma', `replace(${text}, '.', '')`, ','),
    ),
    when(
      matches(text, String.raw`-?[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+`),
      fraction('comma_groups_point', `replace(${text}, ',', '')`, '.'),
    ),
    when(matches(text, String.raw`-?[1-9][0-9]{0,2}(\.[0-9]{3}){2,5}`), plain('point_groups')),
    when(matches(text, '-?[1-9][0-9]{0,2}(,[0-9]{3}){2,5}'), plain('comma_groups')),
    when(
      `${matches(text, String.raw`-?[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+`)} AND coalesce(isfinite(TRY_CAST(${text} AS DOUBLE)), false)`,
      exponent(text),
    ),
    when(`${matches(text, String.raw`-?(\.[0-9]+|[0-9]+\.)`)} AND length(${text}) <= 15`, plain('unusual')),
    when(matches(text, `${localDate}( ${clock})?`), local),
    when(matches(text, '-?[1-9][0-9]{18,}'), plain('long')),
    when(matches(text, String.raw`[-+]?0[0-9]+|\+[0-9]+`), plain('code')),
  ];
  const other = `(${plain('other')} + CASE WHEN ${isEscapedFormula(text)} THEN ${escapedScale} ELSE 0 END)`;
  const words = [
    when(isMissingWord(text), plain('missing')),
    when(`lower(${text}) IN ('true', 'false')`, plain('boolean')),
  ];
  return `CASE WHEN ${text} IS NULL THEN NULL WHEN ${text} >= '+' AND ${text} < ':' THEN CASE ${[...numeric, ...words].join(' ')} ELSE ${other} END
    ${words.join(' ')} ELSE ${other} END`;
};

// The length tells codes (12e45) from numbers, and so does a sign or a mark.
const exponent = (text: string) =>
  `(${plain('exponent')} + least(length(${text}), ${largestScale}) + CASE WHEN ${matches(text, '-?[0-9]+[eE][0-9]+')} THEN 0 ELSE ${endsInZero} END)`;

/** The scale of other texts that are formulas with an apostrophe before them, as CSV downloads write them. */
export const escapedScale = 1;

/** What a code says. */
export interface DecodedShape {
  readonly shape: Shape;
  readonly endsInZero: boolean;
  readonly fit: number;
  readonly thousands: boolean;
  readonly scale: number;
}

export const decodeShape = (code: number): DecodedShape => ({
  shape: shapes[Math.floor(code / perShape)] ?? 'other',
  endsInZero: Math.floor((code % perShape) / endsInZero) === 1,
  fit: Math.floor((code % perThousands) / perFit),
  thousands: code % endsInZero >= perThousands,
  scale: code % perFit,
});
