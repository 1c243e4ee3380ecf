import type { Session } from '../engine/session.ts';
import { identifier, literal } from '../engine/sql.ts';
import type { Table, TableColumn } from '../steps/table.ts';

/**
 * Writes CSV (RFC 4180, UTF-8, lines end in LF). With `escapeFormulas` an apostrophe goes before text that a spreadsheet
 * would take for a formula, as OWASP advises; numbers and dates never are.
 */
export const writeCsv = async (
  session: Session,
  table: Table,
  output: string,
  escapeFormulas: boolean,
): Promise<void> => {
  const columns = table.columns.map(
    (column) =>
      `${text(column, escapeFormulas)} AS ${identifier(escapeFormulas ? harmless(column.name) : column.name)}`,
  );
  await session.run(
    `COPY (SELECT ${columns.join(', ')} FROM ${table.relation}) TO ${literal(output)} (FORMAT csv, HEADER true)`,
  );
};

const dangerous = /^[=+\-@\t\r\n]/;

const harmless = (name: string) => (dangerous.test(name) ? `'${name}` : name);

const text = (column: TableColumn, escapeFormulas: boolean): string => {
  const name = identifier(column.name);
  if (column.type === 'binary') return `to_base64(${name})`;
  if (column.type !== 'string' && column.type !== 'json') return name;
  const value = column.type === 'json' ? `CAST(${name} AS VARCHAR)` : name;
  return escapeFormulas
    ? `CASE WHEN left(${value}, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13)) THEN '''' || ${value} ELSE ${value} END`
    : value;
};
