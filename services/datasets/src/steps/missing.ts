import { type OperationOf, ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { columnLiteral, fittingLiteral } from './literal.ts';
import { isNumeric, replaceColumns, rowColumn, type Table, type TableColumn } from './table.ts';

type CleanParams = OperationOf<'clean'>['params'];

/** Drops every row in which one of the columns has no value. */
export const dropMissing = (table: Table, columns: readonly TableColumn[]): Table => {
  const present = columns.map(({ name }) => `${identifier(name)} IS NOT NULL`).join(' AND ');
  return { ...table, relation: `(SELECT * FROM ${table.relation} WHERE ${present})` };
};

/**
 * Fills missing values. The mean makes a column of integers one of numbers. Where the request names no columns, those that
 * the filling does not fit (a mean of text, a word among numbers) stay as they are.
 */
export const fillMissing = async (
  session: Session,
  table: Table,
  params: CleanParams,
  columns: readonly TableColumn[],
): Promise<{ table: Table; filled: number }> => {
  const before = await countMissing(session, table, columns);
  const gaps = columns.filter((_, index) => (before[index] ?? 0) > 0);
  const explicit = params.columns !== undefined;
  const fillings = new Map<string, string>();
  for (const column of gaps) {
    const filling = await fillingOf(session, table, column, params, explicit);
    if (filling !== undefined) fillings.set(column.name, filling);
  }
  if (fillings.size === 0) return { table, filled: 0 };
  const filledTable = await replaceColumns(session, table, ({ name }) => fillings.get(name));
  const touched = gaps.filter(({ name }) => fillings.has(name));
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const after = params.handle_missing === 'previous' ? sum(await countMissing(session, filledTable, touched)) : 0;
  return {
    table: filledTable,
    filled: sum(columns.map(({ name }, index) => (fillings.has(name) ? (before[index] ?? 0) : 0))) - after,
  };
};

const countMissing = async (session: Session, table: Table, columns: readonly TableColumn[]): Promise<number[]> => {
  if (columns.length === 0) return [];
  const counts = columns.map(({ name }, index) => `count(*) - count(${identifier(name)}) AS m${index}`).join(', ');
  const row = await session.row(`SELECT ${counts} FROM ${table.relation}`);
  return columns.map((_, index) => Number(row[`m${index}`]));
};

const fillingOf = async (
  session: Session,
  table: Table,
  column: TableColumn,
  params: CleanParams,
  explicit: boolean,
): Promise<string | undefined> => {
  const name = identifier(column.name);
  switch (params.handle_missing) {
    case 'fill': {
      if (params.fill_value === undefined) {
        throw new ServiceError(422, 'datasets.missing_parameter', 'To fill, give fill_value.');
      }
      const value = explicit
        ? await columnLiteral(session, column, params.fill_value)
        : await fittingLiteral(session, column, params.fill_value);
      return value === undefined ? undefined : `coalesce(${name}, ${value})`;
    }
    case 'mean':
    case 'median': {
      if (!isNumeric(column)) {
        if (!explicit) return undefined;
        throw new ServiceError(
          422,
          'datasets.not_numeric',
          `Column ${JSON.stringify(column.name)} has no ${params.handle_missing}: it holds values of type ${column.type}.`,
          { details: { column: column.name, type: column.type } },
        );
      }
      const aggregate = params.handle_missing === 'mean' ? 'avg' : 'median';
      return `coalesce(CAST(${name} AS DOUBLE), ${await computed(session, table, `${aggregate}(CAST(${name} AS DOUBLE))`, 'DOUBLE')})`;
    }
    case 'mode': {
      // The most frequent; of several, the one that occurs first.
      const row = await session.row(
        `SELECT (SELECT CAST(${name} AS VARCHAR) FROM ${table.relation} WHERE ${name} IS NOT NULL
          GROUP BY ${name} ORDER BY count(*) DESC, min(${rowColumn}) LIMIT 1) AS value`,
      );
      if (typeof row.value !== 'string') return undefined;
      const value = await fittingLiteral(session, column, row.value);
      return value === undefined ? undefined : `coalesce(${name}, ${value})`;
    }
    case 'previous':
      return `last_value(${name} IGNORE NULLS) OVER (ORDER BY ${rowColumn} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
    default:
      return undefined;
  }
};

const computed = async (session: Session, table: Table, aggregate: string, type: string): Promise<string> => {
  const { value } = await session.row(`SELECT CAST(${aggregate} AS VARCHAR) AS value FROM ${table.relation}`);
  return typeof value === 'string' ? `CAST('${value}' AS ${type})` : 'NULL';
};
