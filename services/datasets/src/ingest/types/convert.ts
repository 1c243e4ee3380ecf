import { literal } from '../../engine/sql.ts';
import type { Reading } from './column-facts.ts';
import { isoDate } from './local-date.ts';

/** SQL that turns the text `column`, whose every value fits, into its type. */
export const convert = (reading: Reading, column: string): string => {
  switch (reading.as) {
    case 'text':
      return column;
    case 'integer':
      return `CAST(${column} AS BIGINT)`;
    case 'number':
    case 'decimal': {
      const type =
        reading.as === 'decimal' ? `DECIMAL(${reading.digits}, ${reading.scale})` : reading.whole ? 'BIGINT' : 'DOUBLE';
      return `CAST(${withPoint(reading, column)} AS ${type})`;
    }
    case 'boolean':
      return `(lower(${column}) = 'true')`;
    case 'date':
      return `CAST(${column} AS DATE)`;
    case 'datetime':
      return `CAST(${column} AS TIMESTAMP)`;
    case 'datetime_tz':
      return `CAST(${column} AS TIMESTAMPTZ)`;
    case 'local_date':
      return `CAST(${isoDate(column, reading.dayFirst)} AS DATE)`;
    case 'local_datetime':
      return `CAST(${isoDate(column, reading.dayFirst)} AS TIMESTAMP)`;
  }
};

/** SQL of a number as SQL reads it. */
const withPoint = ({ decimal, grouped }: { decimal: '.' | ','; grouped: boolean }, column: string): string => {
  const separator = decimal === '.' ? ',' : '.';
  const plain = grouped ? `replace(${column}, ${literal(separator)}, '')` : column;
  return decimal === '.' ? plain : `replace(${plain}, ',', '.')`;
};
