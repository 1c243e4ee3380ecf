import type { ColumnType } from '@vindima/contracts';
import type { ShapeCount, ShapeCounts } from './count-shapes.ts';
import { commaShapes, pointShapes } from './number-shapes.ts';
import type { Shape } from './shapes.ts';

/** What is known of the file, or said by its uploader. */
export interface Context {
  readonly decimal: '.' | ',';
  /** Whether the uploader said the decimal mark. */
  readonly told?: boolean | undefined;
  /** Whether other columns of the file have both decimal marks. */
  readonly mixedMarks?: boolean | undefined;
  readonly delimiter?: string | undefined;
  readonly thousands?: string | undefined;
  readonly dayFirst?: boolean | undefined;
}

/** How a column is to be read, and what there is to say about it. */
export interface DecidedType {
  readonly type: ColumnType;
  /** How its texts become values, see `convert.ts`. */
  readonly reading: Reading;
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

export type Reading =
  | { readonly as: 'text' | 'integer' | 'boolean' | 'date' | 'datetime' | 'datetime_tz' }
  | {
      readonly as: 'number' | 'decimal';
      readonly decimal: '.' | ',';
      readonly grouped: boolean;
      readonly whole: boolean;
      readonly scale: number;
      readonly digits: 18 | 38;
    }
  | { readonly as: 'local_date' | 'local_datetime'; readonly dayFirst: boolean };

const text = (...notes: DecidedType['notes']): DecidedType => ({ type: 'string', reading: { as: 'text' }, notes });
const note = (code: string, message: string) => ({ code, message });

/** Nearly all of a column: from here on its other values are named. */
const nearlyAll = 0.8;

export const countOf = (counts: ShapeCounts, ...shapes: Shape[]): number =>
  shapes.reduce((sum, shape) => sum + (counts.get(shape)?.count ?? 0), 0);

const total = (counts: ShapeCounts): number => [...counts.values()].reduce((sum, { count }) => sum + count, 0);
const values = (counts: ShapeCounts): number => total(counts) - countOf(counts, 'missing');

/** The decimal mark of a file, from values that allow one reading only: of columns that are numbers throughout, or nearly. */
export const decideDecimal = (columns: readonly ShapeCounts[]): { decimal: '.' | ','; mixedMarks: boolean } => {
  const votes = (own: readonly Shape[], only: readonly Shape[]) =>
    columns.some((counts) => countOf(counts, ...only) > 0 && countOf(counts, ...own) >= values(counts) * nearlyAll);
  const comma = votes(commaShapes, ['comma', 'point_groups_comma']);
  const point = votes(pointShapes, ['point', 'comma_groups_point', 'exponent']);
  return { decimal: comma && !point ? ',' : '.', mixedMarks: comma && point };
};

/** Decides the type of a column on the shapes of all its values. The README has the rules as a table. */
export const decideType = (counts: ShapeCounts, context: Context): DecidedType => {
  const count = values(counts);
  if (count === 0) return text();
  const all = (...shapes: Shape[]) => countOf(counts, ...shapes) === count;
  if (all('integer')) return { type: 'integer', reading: { as: 'integer' }, notes: [] };
  if (all('boolean')) return { type: 'boolean', reading: { as: 'boolean' }, notes: [] };
  if (all('date')) return { type: 'date', reading: { as: 'date' }, notes: [] };
  if (all('date', 'datetime')) return { type: 'datetime', reading: { as: 'datetime' }, notes: [] };
  if (all('datetime_tz')) return { type: 'datetime_tz', reading: { as: 'datetime_tz' }, notes: [] };
  if (all('day_first', 'month_first', 'either_first')) return localDates(counts, context);
  return numbers(counts, context, count) ?? text();
};

/** The type of a column whose texts are all dates in ISO 8601. */
export const isoDatesOf = (counts: ShapeCounts): 'date' | 'datetime' | 'datetime_tz' | undefined => {
  const only = (...shapes: Shape[]) => countOf(counts, ...shapes) === total(counts);
  if (total(counts) === 0) return undefined;
  if (only('date')) return 'date';
  if (only('date', 'datetime')) return 'datetime';
  return only('datetime_tz') ? 'datetime_tz' : undefined;
};

const localDates = (counts: ShapeCounts, { dayFirst }: Context): DecidedType => {
  const day = countOf(counts, 'day_first');
  const month = countOf(counts, 'month_first');
  if (day > 0 && month > 0)
    return text(
      note(
        'ambiguous_dates',
        `${day} dates have the day first and ${month} the month; they are kept as text (say date_format to read them)`,
      ),
    );
  if (day === 0 && month === 0 && dayFirst === undefined) {
    return text(
      note(
        'ambiguous_dates',
        'No date of this column tells whether the day or the month comes first; they are kept as text (say date_format=day_first or month_first to read them)',
      ),
    );
  }
  const first = dayFirst ?? day > 0;
  if ((first ? month : day) > 0)
    return text(
      note(
        'ambiguous_dates',
        'Some dates of this column are none in the order that was asked for; they are kept as text',
      ),
    );
  const timed = (['day_first', 'month_first', 'either_first'] as const).some((shape) =>
    counts.get(shape)?.scales.has(1),
  );
  return {
    type: timed ? 'datetime' : 'date',
    reading: { as: timed ? 'local_datetime' : 'local_date', dayFirst: first },
    notes: [note('local_dates', `The dates of this column were read with the ${first ? 'day' : 'month'} first`)],
  };
};

const numbers = (counts: ShapeCounts, context: Context, count: number): DecidedType | undefined => {
  const { decimal } = context;
  const own: readonly Shape[] = decimal === '.' ? pointShapes : commaShapes;
  const fitting = countOf(counts, ...own);
  if (fitting < count) return almostNumbers(counts, decimal, fitting, count);
  const groups = groupsOf(counts, context);
  if (groups === 'unsure') return text(note('ambiguous_numbers', bothReadings(counts, decimal)));
  if (groups === 'mixed')
    return text(
      note(
        'mixed_groups',
        'Some numbers of this column have separators of thousands and some have not; they are kept as text',
      ),
    );
  const exponents = counts.get('exponent');
  if (exponents !== undefined && areCodes(counts))
    return text(note('codes', 'Values such as 12e45 look like codes here; they are kept as text'));
  const fractions = (
    decimal === '.'
      ? ['point', 'point_or_groups', 'comma_groups_point']
      : ['comma', 'comma_or_groups', 'point_groups_comma']
  ) as readonly Shape[];
  const found = fractions.flatMap((shape) =>
    groups === 'thousands' && isWholeGroup(shape, decimal) ? [] : (counts.get(shape) ?? []),
  );
  const scales = new Set(found.flatMap((one) => [...one.scales]));
  const zeros = found.reduce((sum, one) => sum + one.zeros, 0);
  const fit = Math.max(0, ...found.map((one) => one.fit));
  const whole = count - found.reduce((sum, one) => sum + one.count, 0);
  const grouped = groups === 'thousands';
  const notes = grouped
    ? [
        note(
          'thousands',
          `The numbers of this column were read with ${decimal === '.' ? 'commas' : 'points'} between thousands`,
        ),
      ]
    : [];
  if (found.length === 0 && exponents === undefined && countOf(counts, 'unusual') === 0) {
    return { type: 'integer', reading: { as: 'number', decimal, grouped, whole: true, scale: 0, digits: 18 }, notes };
  }
  if (exponents !== undefined)
    notes.push(
      note('exponents', `${exponents.count} numbers of this column have exponents; they are written without them`),
    );
  if (countOf(counts, 'unusual') > 0)
    notes.push(
      note(
        'unusual_numbers',
        `${countOf(counts, 'unusual')} numbers of this column (.5, 5. or -0) are written in another way`,
      ),
    );
  const scale = Math.max(0, ...scales);
  const rest = exponents === undefined && countOf(counts, 'unusual') === 0;
  if (scales.size === 1 && whole === 0 && rest) {
    // One scale throughout is kept; a double keeps it where no number ends in 0.
    if (zeros === 0 && fit <= 1)
      return { type: 'number', reading: { as: 'number', decimal, grouped, whole: false, scale, digits: 18 }, notes };
    if (fit > 3 || scale > 38) return text(note('exact_numbers', longNumbers));
    return {
      type: 'decimal',
      reading: {
        as: 'decimal',
        decimal,
        grouped,
        whole: false,
        scale,
        digits: fit <= 2 && scale <= 15 && !hasLong(found) ? 18 : 38,
      },
      notes,
    };
  }
  if (fit > 1) return text(note('exact_numbers', longNumbers));
  if (zeros > 0 && rest && !areFloats(found, whole)) {
    return text(
      note(
        'mixed_scales',
        'Some numbers of this column end in 0 behind the mark and not all have as many places, as versions do (1.9, 1.10); they are kept as text',
      ),
    );
  }
  if (zeros > 0) notes.push(note('whole_numbers', 'Whole numbers of this column (2.0) are written without a fraction'));
  return { type: 'number', reading: { as: 'number', decimal, grouped, whole: false, scale, digits: 18 }, notes };
};

const longNumbers = 'Some numbers of this column have more digits than a number keeps; they are kept as text';

const hasLong = (found: readonly { readonly fit: number }[]) => found.some(({ fit }) => fit === 1);

/** Whether all that ends in 0 could be the N.0 by which programs write whole numbers among fractions. */
const areFloats = (found: readonly ShapeCount[], whole: number): boolean =>
  whole === 0 && found.every(({ zeros, floatZeros }) => zeros === floatZeros);

const isWholeGroup = (shape: Shape, decimal: '.' | ',') =>
  shape === (decimal === '.' ? 'comma_or_groups' : 'point_or_groups');

/** What d,ddd and the like are in a file whose decimal mark is known. */
const groupsOf = (counts: ShapeCounts, context: Context): 'none' | 'thousands' | 'mixed' | 'unsure' => {
  const { decimal, delimiter, thousands } = context;
  const has = (...shapes: Shape[]) => countOf(counts, ...shapes) > 0;
  const [fraction, own, other, full, whole] =
    decimal === '.'
      ? (['point', 'point_or_groups', 'comma_or_groups', 'comma_groups_point', 'comma_groups'] as const)
      : (['comma', 'comma_or_groups', 'point_or_groups', 'point_groups_comma', 'point_groups'] as const);
  if (has(other, full, whole)) {
    if (thousands === '') return 'unsure';
    const told = thousands === (decimal === '.' ? ',' : '.');
    // 1,234,567 can only be thousands, 1.234.567 may be a code. Quoted commas in a table of commas are thousands.
    const sure = told || has(full) || (decimal === '.' && (has(whole) || delimiter === ','));
    if (!sure) return 'unsure';
    const longIntegers = [...(counts.get('integer')?.scales ?? [])].some((length) => length > 3);
    return longIntegers || counts.get(fraction)?.thousands === true ? 'mixed' : 'thousands';
  }
  const isDoubtful = has(own) && !has(fraction) && decimal === '.' && context.told !== true;
  return isDoubtful && (delimiter === ';' || context.mixedMarks === true) ? 'unsure' : 'none';
};

const bothReadings = (counts: ShapeCounts, decimal: '.' | ','): string => {
  const points = countOf(counts, 'point_or_groups', 'point_groups') > 0;
  const example = points ? '1.234' : '1,234';
  return `Values such as ${example} may mean 1234 or 1${decimal}234; they are kept as text (say thousands=${points ? '.' : ','} or decimal=${points ? '.' : ','} to read them)`;
};

/** Whole numbers with an exponent beside numbers of the same length are codes. */
const areCodes = (counts: ShapeCounts): boolean => {
  const exponents = counts.get('exponent');
  if (exponents === undefined || exponents.zeros > 0) return false;
  const lengths = new Set([...exponents.scales, ...(counts.get('integer')?.scales ?? [])]);
  return (
    countOf(counts, 'integer') > 0 && countOf(counts, 'point', 'point_or_groups', 'unusual') === 0 && lengths.size === 1
  );
};

const almostNumbers = (
  counts: ShapeCounts,
  decimal: '.' | ',',
  fitting: number,
  count: number,
): DecidedType | undefined => {
  const codes = countOf(counts, 'code', 'long');
  const strange = count - fitting - codes;
  if (codes > 0 || fitting < count * nearlyAll || strange === 0) return undefined;
  const marks = decimal === ',' && countOf(counts, 'comma', 'point_groups_comma') > 0 ? ' with a decimal comma' : '';
  return text(
    note(
      'mostly_numbers',
      `${fitting} of ${count} values look like numbers${marks}; {row} does not, so they are kept as text`,
    ),
  );
};
