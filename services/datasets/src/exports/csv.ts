import type { Session } from '../engine/session.ts';
import { identifier, literal } from '../engine/sql.ts';
import type { Table, TableColumn } from '../steps/table.ts';
import { isFormula, runsAsFormula } from './formulas.ts';

export interface CsvOptions {
  /** Whether an apostrophe goes before what a spreadsheet would run. */
  readonly escapeFormulas: boolean;
  /** Whether the first line holds the names. */
  readonly header: boolean;
  /** Columns whose whole numbers have a fraction (2.0), as in the file that they come from. */
  readonly floats: readonly string[];
}

/**
 * Writes CSV (RFC 4180, UTF-8, lines end in LF). Whole numbers among others have no fraction. With `escapeFormulas` an apostrophe goes before
 * text that a spreadsheet would run, as OWASP advises; numbers and dates never are.
 * @returns how many texts and names got an apostrophe
 */
export const writeCsv = async (
  session: Session,
  table: Table,
  output: string,
  { escapeFormulas, header, floats }: CsvOptions,
): Promise<number> => {
  const names = table.columns.map(({ name }) => (escapeFormulas && isFormula(name) ? `'${name}` : name));
  const asStored = [...floats, ...(await wholeNumbers(session, table))];
  const columns = table.columns.map(
    (column, index) => `${written(column, escapeFormulas, asStored)} AS ${identifier(names[index] ?? '')}`,
  );
  await session.run(
    `COPY (SELECT ${columns.join(', ')} FROM ${table.relation}) TO ${literal(output)} (FORMAT csv, HEADER ${header})`,
  );
  if (!escapeFormulas) return 0;
  const inNames = header ? names.filter((name, index) => name !== table.columns[index]?.name).length : 0;
  return inNames + (await countFormulas(session, table));
};

/** Columns of numbers without a fraction: written as 5.0, so that whoever reads the file takes them for the numbers that they are. */
const wholeNumbers = async (session: Session, table: Table): Promise<string[]> => {
  const names = table.columns.filter(({ type }) => type === 'number').map(({ name }) => name);
  if (names.length === 0) return [];
  const checks = names.map(
    (name, index) => `count(*) FILTER (WHERE ${identifier(name)} <> trunc(${identifier(name)})) AS c${index}`,
  );
  const counts = await session.row(`SELECT ${checks.join(', ')} FROM ${table.relation}`);
  return names.filter((_, index) => Number(counts[`c${index}`]) === 0);
};

const countFormulas = async (session: Session, table: Table): Promise<number> => {
  const texts = table.columns.filter(isText);
  if (texts.length === 0) return 0;
  const sums = texts.map((column) => `count(*) FILTER (WHERE ${runsAsFormula(textOf(column))})`);
  const { count } = await session.row(`SELECT ${sums.join(' + ')} AS count FROM ${table.relation}`);
  return Number(count);
};

const isText = ({ type }: TableColumn): boolean => type === 'string' || type === 'json';
const textOf = ({ name, type }: TableColumn): string =>
  type === 'json' ? `CAST(${identifier(name)} AS VARCHAR)` : identifier(name);

const written = (column: TableColumn, escapeFormulas: boolean, floats: readonly string[]): string => {
  const name = identifier(column.name);
  if (column.type === 'binary') return `to_base64(${name})`;
  // Beyond 2^53 a double is written with an exponent, not with digits that it does not have.
  if (column.type === 'number' && !floats.includes(column.name)) {
    return `CASE WHEN ${name} = trunc(${name}) AND abs(${name}) < 9e15 THEN CAST(CAST(${name} AS BIGINT) AS VARCHAR) ELSE CAST(${name} AS VARCHAR) END`;
  }
  if (!isText(column)) return name;
  const value = textOf(column);
  return escapeFormulas ? `CASE WHEN ${runsAsFormula(value)} THEN '''' || ${value} ELSE ${value} END` : value;
};
