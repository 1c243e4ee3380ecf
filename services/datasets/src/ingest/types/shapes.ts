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

const plain = (shape: Shape) => String(shapes.indexOf(shape) * perShape);

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

interface Branch {
  readonly shape: Shape;
  readonly condition: string;
  readonly code: string;
}

/** What is tried of a text that begins like a number, in the order in which most files need it. */
const numericBranches = (text: string): Branch[] => {
  const is = (shape: Shape, condition: string, code = plain(shape)): Branch => ({ shape, condition, code });
  const fits = (pattern: string) => matches(text, pattern);
  const local = (shape: Shape, ...orders: boolean[]) =>
    is(
      shape,
      [fits(`${localDate}( ${clock})?`), ...orders.map((dayFirst) => isDay(text, dayFirst))].join(' AND '),
      `(${plain(shape)} + CASE WHEN contains(${text}, ':') THEN 1 ELSE 0 END)`,
    );
  return [
    is('integer', `CAST(TRY_CAST(${text} AS BIGINT) AS VARCHAR) = ${text}`, `length(ltrim(${text}, '-'))`),
    is('unusual', `(left(${text}, 1) = '-' AND ${fits('-0*[.,]?0*')})`),
    is('point_or_groups', fits(String.raw`-?[1-9][0-9]{0,2}\.[0-9]{3}`), fraction('point_or_groups', text, '.')),
    is('point', fits(String.raw`-?(0|[1-9][0-9]*)\.[0-9]+`), fraction('point', text, '.')),
    is('date', `${fits(date)} AND TRY_CAST(${text} AS DATE) IS NOT NULL`),
    is('datetime', `${fits(`${date}[T ]${clock}`)} AND TRY_CAST(${text} AS TIMESTAMP) IS NOT NULL`),
    is('datetime_tz', `${fits(`${date}[T ]${clock} ?${zone}`)} AND TRY_CAST(${text} AS TIMESTAMPTZ) IS NOT NULL`),
    is('comma_or_groups', fits('-?[1-9][0-9]{0,2},[0-9]{3}'), fraction('comma_or_groups', text, ',')),
    is('comma', fits('-?(0|[1-9][0-9]*),[0-9]+'), fraction('comma', text, ',')),
    is(
      'point_groups_comma',
      fits(String.raw`-?[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+`),
      fraction('point_groups_comma', `replace(${text}, '.', '')`, ','),
    ),
    is(
      'comma_groups_point',
      fits(String.raw`-?[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+`),
      fraction('comma_groups_point', `replace(${text}, ',', '')`, '.'),
    ),
    is('point_groups', fits(String.raw`-?[1-9][0-9]{0,2}(\.[0-9]{3}){2,5}`)),
    is('comma_groups', fits('-?[1-9][0-9]{0,2}(,[0-9]{3}){2,5}')),
    is(
      'exponent',
      `${fits(String.raw`-?[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+`)} AND coalesce(isfinite(TRY_CAST(${text} AS DOUBLE)), false)`,
      exponent(text),
    ),
    is('unusual', `${fits(String.raw`-?(\.[0-9]+|[0-9]+\.)`)} AND length(${text}) <= 15`),
    local('either_first', true, false),
    local('day_first', true),
    local('month_first', false),
    is('long', fits('-?[1-9][0-9]{18,}')),
    is('code', fits(String.raw`[-+]?0[0-9]+|\+[0-9]+`)),
  ];
};

const wordBranches = (text: string): Branch[] => [
  { shape: 'missing', condition: isMissingWord(text), code: plain('missing') },
  { shape: 'boolean', condition: `lower(${text}) IN ('true', 'false')`, code: plain('boolean') },
];

/** Branches that must be tried before another, as their texts would fit there too. */
const guards: Readonly<Partial<Record<Shape, readonly Shape[]>>> = {
  point: ['unusual', 'point_or_groups'],
  point_or_groups: ['unusual'],
  comma: ['unusual', 'comma_or_groups'],
  day_first: ['either_first'],
  month_first: ['either_first', 'day_first'],
};

/**
 * SQL: the code of a text, or NULL for no text.
 * @param only the shapes that are expected: then texts of any other have a negative code
 */
export const shapeCode = (text: string, only?: readonly Shape[]): string => {
  const tried = only === undefined ? undefined : new Set(only.flatMap((shape) => [shape, ...(guards[shape] ?? [])]));
  const written = (branches: readonly Branch[]) =>
    branches
      .filter(({ shape }) => tried?.has(shape) !== false)
      .map(({ condition, code }) => `WHEN ${condition} THEN ${code}`)
      .join(' ');
  const rest =
    tried === undefined
      ? `(${plain('other')} + CASE WHEN ${isEscapedFormula(text)} THEN ${escapedScale} ELSE 0 END)`
      : '-1';
  const words = written(wordBranches(text));
  const numbers = `${written(numericBranches(text))} ${words}`;
  const ofNumbers = numbers.trim() === '' ? rest : `CASE ${numbers} ELSE ${rest} END`;
  return `CASE WHEN ${text} IS NULL THEN NULL WHEN ${text} >= '+' AND ${text} < ':' THEN ${ofNumbers} ${words} ELSE ${rest} END`;
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
