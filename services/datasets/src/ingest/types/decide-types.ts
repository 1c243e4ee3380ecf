import { type Context, countOf, type DecidedType, keptAsText, nearlyAll, totalOf, valuesOf } from './column-facts.ts';
import type { ShapeCounts } from './count-shapes.ts';
import { decideLocalDates } from './decide-local-dates.ts';
import { decideNumbers } from './decide-numbers.ts';
import { commaShapes, pointShapes } from './number-shapes.ts';
import type { Shape } from './shapes.ts';

/** The decimal mark of a file, from values that allow one reading only: of columns that are numbers throughout, or nearly. */
export const decideDecimal = (columns: readonly ShapeCounts[]): { decimal: '.' | ','; mixedMarks: boolean } => {
  const votes = (own: readonly Shape[], only: readonly Shape[]) =>
    columns.some((counts) => countOf(counts, ...only) > 0 && countOf(counts, ...own) >= valuesOf(counts) * nearlyAll);
  const comma = votes(commaShapes, ['comma', 'point_groups_comma']);
  const point = votes(pointShapes, ['point', 'comma_groups_point', 'exponent']);
  return { decimal: comma && !point ? ',' : '.', mixedMarks: comma && point };
};

/** Decides the type of a column on the shapes of all its values. The README has the rules as a table. */
export const decideType = (counts: ShapeCounts, context: Context): DecidedType => {
  const count = valuesOf(counts);
  if (count === 0) return keptAsText();
  const all = (...shapes: Shape[]) => countOf(counts, ...shapes) === count;
  if (all('integer')) return { type: 'integer', reading: { as: 'integer' }, notes: [] };
  if (all('boolean')) return { type: 'boolean', reading: { as: 'boolean' }, notes: [] };
  if (all('date')) return { type: 'date', reading: { as: 'date' }, notes: [] };
  if (all('date', 'datetime')) return { type: 'datetime', reading: { as: 'datetime' }, notes: [] };
  if (all('datetime_tz')) return { type: 'datetime_tz', reading: { as: 'datetime_tz' }, notes: [] };
  if (all('day_first', 'month_first', 'either_first')) return decideLocalDates(counts, context);
  return decideNumbers(counts, context) ?? keptAsText();
};

/** The type of a column whose texts are all dates in ISO 8601. */
export const isoDatesOf = (counts: ShapeCounts): 'date' | 'datetime' | 'datetime_tz' | undefined => {
  const only = (...shapes: Shape[]) => countOf(counts, ...shapes) === totalOf(counts);
  if (totalOf(counts) === 0) return undefined;
  if (only('date')) return 'date';
  if (only('date', 'datetime')) return 'datetime';
  return only('datetime_tz') ? 'datetime_tz' : undefined;
};
