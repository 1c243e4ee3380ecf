import {
  type Context,
  countOf,
  type DecidedType,
  keptAsText,
  type Note,
  nearlyAll,
  note,
  type Reading,
  valuesOf,
} from './column-facts.ts';
import type { ShapeCount, ShapeCounts } from './count-shapes.ts';
import { commaShapes, pointShapes } from './number-shapes.ts';
import type { Shape } from './shapes.ts';

/** Decides on a column of numbers, or nearly so; undefined: it is none. Writing the numbers back gives what was read. */
export const decideNumbers = (counts: ShapeCounts, context: Context): DecidedType | undefined => {
  const own: readonly Shape[] = context.decimal === '.' ? pointShapes : commaShapes;
  if (countOf(counts, ...own) < valuesOf(counts)) return almostNumbers(counts, own, context);
  const groups = groupsOf(counts, context);
  if (groups === 'unsure') return keptAsText(note('ambiguous_numbers', bothReadings(counts, context.decimal)));
  if (groups === 'mixed') return keptAsText(note('mixed_groups', texts.groups));
  if (areCodes(counts)) return keptAsText(note('codes', texts.codes));
  return withScales(counts, groups === 'thousands', context.decimal);
};

const texts = {
  groups: 'Some numbers of this column have separators of thousands and some have not; they are kept as text',
  codes: 'Values such as 12e45 look like codes here; they are kept as text',
  digits: 'Some numbers of this column have more digits than a number keeps; they are kept as text',
  scales:
    'Some numbers of this column end in 0 behind the mark and not all have as many places, as versions do (1.9, 1.10); they are kept as text',
} as const;

const withScales = (counts: ShapeCounts, grouped: boolean, decimal: '.' | ','): DecidedType => {
  const found = fractionsOf(counts, decimal);
  const scales = new Set(found.flatMap((one) => [...one.scales]));
  const count = sum(found, (one) => one.count);
  const facts: Fractions = {
    count,
    whole: valuesOf(counts) - count,
    zeros: sum(found, (one) => one.zeros),
    floatZeros: sum(found, (one) => one.floatZeros),
    fit: Math.max(0, ...found.map((one) => one.fit)),
    longDoubles: found.some(({ fit }) => fit === 1),
  };
  const unusual = countOf(counts, 'exponent', 'unusual') > 0;
  const notes = notesOf(counts, grouped, decimal);
  const reading = { decimal, grouped, scale: Math.max(0, ...scales), digits: 18 as const };
  if (count === 0 && !unusual) {
    return { type: 'integer', reading: { ...reading, as: 'number', whole: true }, notes };
  }
  const number: Reading = { ...reading, as: 'number', whole: false };
  const oneScale = scales.size === 1 && facts.whole === 0 && !unusual;
  if (oneScale && (facts.zeros > facts.floatZeros || facts.fit > 1)) return decimalOf(facts, reading, notes);
  if (facts.fit > 1) return keptAsText(note('exact_numbers', texts.digits));
  if (facts.zeros === 0) return { type: 'number', reading: number, notes };
  if (facts.zeros === facts.floatZeros && facts.whole === 0)
    return { type: 'number', reading: number, notes, floats: true };
  if (unusual || isSlip(facts)) {
    const written = note(
      'whole_numbers',
      `${facts.zeros} numbers of this column end in 0 behind the mark (2.0) and are written without it`,
    );
    return { type: 'number', reading: number, notes: [...notes, written] };
  }
  return keptAsText(note('mixed_scales', texts.scales));
};

/** What the numbers with a fraction have in common. */
interface Fractions {
  readonly count: number;
  /** Numbers without a fraction. */
  readonly whole: number;
  readonly zeros: number;
  readonly floatZeros: number;
  readonly fit: number;
  readonly longDoubles: boolean;
}

/** One scale throughout is kept. */
const decimalOf = (
  { fit, longDoubles }: Fractions,
  reading: { decimal: '.' | ','; grouped: boolean; scale: number },
  notes: readonly Note[],
): DecidedType => {
  if (fit > 3 || reading.scale > 38) return keptAsText(note('exact_numbers', texts.digits));
  const digits = fit <= 2 && reading.scale <= 15 && !longDoubles ? 18 : 38;
  return { type: 'decimal', reading: { ...reading, as: 'decimal', whole: false, digits }, notes };
};

/** A few N.0 among many numbers: nobody's versions. */
const isSlip = ({ count, whole, zeros, floatZeros }: Fractions): boolean =>
  zeros === floatZeros && count + whole >= 100 && zeros * 20 < count + whole;

const fractionsOf = (counts: ShapeCounts, decimal: '.' | ','): ShapeCount[] => {
  const shapes: readonly Shape[] =
    decimal === '.'
      ? ['point', 'point_or_groups', 'comma_groups_point']
      : ['comma', 'comma_or_groups', 'point_groups_comma'];
  return shapes.flatMap((shape) => counts.get(shape) ?? []);
};

const sum = (found: readonly ShapeCount[], of: (one: ShapeCount) => number): number =>
  found.reduce((total, one) => total + of(one), 0);

const notesOf = (counts: ShapeCounts, grouped: boolean, decimal: '.' | ','): Note[] => {
  const exponents = countOf(counts, 'exponent');
  const unusual = countOf(counts, 'unusual');
  const marks = decimal === '.' ? 'commas' : 'points';
  return [
    ...(grouped ? [note('thousands', `The numbers of this column were read with ${marks} between thousands`)] : []),
    ...(exponents > 0
      ? [note('exponents', `${exponents} numbers of this column have exponents, which may be written in another way`)]
      : []),
    ...(unusual > 0
      ? [note('unusual_numbers', `${unusual} numbers of this column (.5, 5. or -0) are written in another way`)]
      : []),
  ];
};

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

const almostNumbers = (counts: ShapeCounts, own: readonly Shape[], context: Context): DecidedType | undefined => {
  const fitting = countOf(counts, ...own);
  const count = valuesOf(counts);
  // Codes make a column of codes, whatever else is in it.
  if (countOf(counts, 'code', 'long') > 0 || fitting < count * nearlyAll) return undefined;
  const marks =
    context.decimal === ',' && countOf(counts, 'comma', 'point_groups_comma') > 0 ? ' with a decimal comma' : '';
  const message = `${fitting} of ${count} values look like numbers${marks}; {row} does not`;
  const rest = new Map([...counts].filter(([shape]) => own.includes(shape) || shape === 'missing'));
  const almost = rest.size === 1 && rest.has('integer') ? integers : decideNumbers(rest, context);
  return { ...keptAsText(note('mostly_numbers', message)), almost };
};

const integers: DecidedType = { type: 'integer', reading: { as: 'integer' }, notes: [] };
