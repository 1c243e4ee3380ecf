import { type Context, countOf, type DecidedType, keptAsText, note } from './column-facts.ts';
import type { ShapeCounts } from './count-shapes.ts';

/** Decides on a column of dates such as 31/12/1980: one value that has one reading only decides for all. */
export const decideLocalDates = (counts: ShapeCounts, { dayFirst }: Context): DecidedType => {
  const day = countOf(counts, 'day_first');
  const month = countOf(counts, 'month_first');
  if (day > 0 && month > 0)
    return keptAsText(
      note(
        'ambiguous_dates',
        `${day} dates have the day first and ${month} the month; they are kept as text (say date_format to read them)`,
      ),
    );
  if (day === 0 && month === 0 && dayFirst === undefined) {
    return keptAsText(
      note(
        'ambiguous_dates',
        'No date of this column tells whether the day or the month comes first; they are kept as text (say date_format=day_first or month_first to read them)',
      ),
    );
  }
  const first = dayFirst ?? day > 0;
  if ((first ? month : day) > 0)
    return keptAsText(
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
