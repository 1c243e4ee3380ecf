/** Quotes a name for SQL. Names never hold NUL: reading refuses or replaces it. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Quotes text for SQL. DuckDB's strings know no escapes but the doubled quote; NUL, which would end the statement, is
 * written as a call.
 */
export const literal = (text: string): string =>
  text
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ');

/** A scalar of JSON as SQL. Numbers are written with all their digits. */
export const scalar = (value: string | number | boolean): string => {
  if (typeof value === 'string') return literal(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (Number.isSafeInteger(value)) return String(value);
  return `CAST('${value}' AS DOUBLE)`;
};
