import { ServiceError } from '@vindima/contracts';
import { literal } from '../../engine/sql.ts';
import { isoDate } from './local-date.ts';
import type { TextFormat } from './read-as.ts';

const clock = String.raw`[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?`;
const isoDay = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const localDay = '[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}';

/** Directives of strptime that are known, and what they match. */
const directives: Readonly<Record<string, string>> = {
  d: '[0-9]{1,2}',
  m: '[0-9]{1,2}',
  Y: '[0-9]{4}',
  y: '[0-9]{2}',
  H: '[0-9]{1,2}',
  I: '[0-9]{1,2}',
  M: '[0-9]{2}',
  S: '[0-9]{2}',
  f: '[0-9]{1,6}',
  p: '[AaPp][Mm]',
  b: '[A-Za-z]{3}',
  B: '[A-Za-z]+',
};

/**
 * SQL of a text as a date or an instant, NULL where it is none. Without a format only ISO 8601 is one: 05/06/24 may be
 * meant in three ways, and `infinity` is no day.
 * @throws 422 `datasets.wrong_format`
 */
export const readDate = (text: string, timed: boolean, { date, pivotYear }: TextFormat): string => {
  const value = timed ? 'TIMESTAMP' : 'DATE';
  if (date === undefined) {
    const pattern = timed ? `${isoDay}([T ]${clock})?` : isoDay;
    return `CASE WHEN regexp_full_match(${text}, ${literal(pattern)}) THEN TRY_CAST(${text} AS ${value}) END`;
  }
  const order = /^(day|month)_?first$/i.exec(date)?.[1]?.toLowerCase();
  if (order !== undefined) {
    const pattern = timed ? `${localDay}( ${clock})?` : localDay;
    return `CASE WHEN regexp_full_match(${text}, ${literal(pattern)}) THEN TRY_CAST(${isoDate(text, order === 'day')} AS ${value}) END`;
  }
  const read = `try_strptime(${text}, ${literal(date)})`;
  const exact = `CASE WHEN regexp_full_match(${text}, ${literal(patternOf(date))}) THEN ${date.includes('%y') ? pivoted(read, pivotYear) : read} END`;
  return timed ? exact : `CAST(${exact} AS DATE)`;
};

const patternOf = (format: string): string => {
  const pattern = format.replace(/%(.)|[\\^$.*+?()[\]{}|]/g, (whole, directive: string | undefined) => {
    if (directive === undefined) return `\\${whole}`;
    const known = directives[directive];
    if (known === undefined)
      throw wrongFormat(
        `The date format has %${directive}; known are ${Object.keys(directives)
          .map((one) => `%${one}`)
          .join(' ')}.`,
      );
    return known;
  });
  if (!format.includes('%')) throw wrongFormat('A date format is day_first, month_first, or one such as %d/%m/%Y.');
  return pattern;
};

/** Two digits are a year of the hundred that begin with the pivot. */
const pivoted = (read: string, pivotYear: number | undefined): string => {
  if (pivotYear === undefined)
    throw wrongFormat('A year of two digits (%y) needs pivot_year, the first of the hundred years that are meant.');
  const century = pivotYear - (pivotYear % 100);
  const year = `year(${read}) % 100`;
  return `${read} + to_years(CAST(${century} + ${year} + CASE WHEN ${year} < ${pivotYear % 100} THEN 100 ELSE 0 END - year(${read}) AS INTEGER))`;
};

const wrongFormat = (message: string) => new ServiceError(422, 'datasets.wrong_format', message);
