import { identifier } from '../engine/sql.ts';
import type { TableColumn } from '../steps/table.ts';

/**
 * SQL of a value as a number of what its binary formats count: days since 1970 for dates, microseconds since 1970 or
 * midnight for times, the digits without the point for decimals (as text). Everything else is itself.
 */
export const primitive = (column: TableColumn): string => {
  const name = identifier(column.name);
  switch (column.type) {
    case 'date':
      return `CAST(${name} - DATE '1970-01-01' AS INTEGER)`;
    case 'datetime':
    case 'datetime_tz':
      return `epoch_us(${name})`;
    case 'time':
      return `(hour(${name}) * 3600 + minute(${name}) * 60) * 1000000 + microsecond(${name})`;
    case 'decimal':
      return `replace(CAST(${name} AS VARCHAR), '.', '')`;
    case 'json':
      return `CAST(${name} AS VARCHAR)`;
    default:
      return name;
  }
};

/** Digits and scale of a decimal column. */
export const decimalShape = (column: TableColumn): { precision: number; scale: number } => {
  const [, precision = '38', scale = '0'] = /DECIMAL\((\d+),\s*(\d+)\)/.exec(column.physical) ?? [];
  return { precision: Number(precision), scale: Number(scale) };
};
