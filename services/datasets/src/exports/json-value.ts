import { identifier } from '../engine/sql.ts';
import type { TableColumn } from '../steps/table.ts';

/** SQL of a value as JSON writes it: dates in ISO 8601, bytes in base64, and null for what JSON has no number for. */
export const jsonValue = (column: TableColumn, sql: string = identifier(column.name)): string => {
  switch (column.type) {
    case 'number':
      return `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
    case 'datetime':
      return `replace(CAST(${sql} AS VARCHAR), ' ', 'T')`;
    case 'datetime_tz':
      return `replace(replace(CAST(${sql} AS VARCHAR), ' ', 'T'), '+00', 'Z')`;
    case 'date':
    case 'time':
      return `CAST(${sql} AS VARCHAR)`;
    case 'binary':
      return `to_base64(${sql})`;
    default:
      return sql;
  }
};
