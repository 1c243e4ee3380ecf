import { type CastType, type OperationOf, ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier, literal } from '../engine/sql.ts';
import { pickColumn, replaceColumns, rowColumn, type Table, type TableColumn } from './table.ts';

const physical: Record<CastType, string> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  decimal: 'DECIMAL(38, 9)',
  boolean: 'BOOLEAN',
  date: 'DATE',
  datetime: 'TIMESTAMP',
};

/**
 * Changes types. A value that does not fit fails the request, which says the first one and where it is, or becomes missing
 * (`on_error: "missing"`). A fraction does not fit an integer.
 */
export const cast = async (
  session: Session,
  table: Table,
  { params }: OperationOf<'cast'>,
): Promise<{ table: Table; failed: number }> => {
  const targets = Object.entries(params.columns).map(([name, type]) => ({ column: pickColumn(table, name), type }));
  const failures = targets.map(
    ({ column, type }) => `(${identifier(column.name)} IS NOT NULL AND ${castTo(column, type)} IS NULL)`,
  );
  const row = await session.row(
    `SELECT ${failures.map((failure, index) => `count(*) FILTER (WHERE ${failure}) AS f${index}`).join(', ')} FROM ${table.relation}`,
  );
  const failed = targets.map((_, index) => Number(row[`f${index}`]));
  const first = failed.findIndex((count) => count > 0);
  const target = targets[first];
  if (target !== undefined && params.on_error !== 'missing') {
    const name = identifier(target.column.name);
    const example = await session.row(
      `SELECT ${rowColumn} + 1 AS place, left(CAST(${name} AS VARCHAR), 100) AS value FROM ${table.relation} WHERE ${failures[first]} ORDER BY 1 LIMIT 1`,
    );
    throw new ServiceError(
      422,
      'datasets.cast_failed',
      `${failed[first]} values of column ${JSON.stringify(target.column.name)} are no ${target.type}; the first is ${JSON.stringify(example.value)}.`,
      {
        details: {
          column: target.column.name,
          type: target.type,
          count: failed[first],
          row: Number(example.place),
          value: example.value,
        },
      },
    );
  }
  const types = new Map(targets.map(({ column, type }) => [column.name, type]));
  return {
    table: await replaceColumns(session, table, (column) => {
      const type = types.get(column.name);
      return type === undefined ? undefined : castTo(column, type);
    }),
    failed: failed.reduce((sum, count) => sum + count, 0),
  };
};

const castTo = (column: TableColumn, type: CastType): string => {
  const name = identifier(column.name);
  const trimmed = column.type === 'string' ? `trim(${name})` : name;
  if (type === 'string' && column.type === 'binary') return `to_base64(${name})`;
  if (type === 'string') return `CAST(${name} AS VARCHAR)`;
  if (column.type === 'string' && type === 'integer') {
    return `CASE WHEN regexp_full_match(${trimmed}, ${literal('[-+]?[0-9]+')}) THEN TRY_CAST(${trimmed} AS BIGINT) END`;
  }
  if ((column.type === 'number' || column.type === 'decimal') && type === 'integer') {
    return `CASE WHEN ${name} = trunc(${name}) THEN TRY_CAST(${name} AS BIGINT) END`;
  }
  if (column.type === 'string' && type === 'boolean') {
    return `CASE lower(${trimmed}) WHEN 'true' THEN true WHEN 'yes' THEN true WHEN '1' THEN true
      WHEN 'false' THEN false WHEN 'no' THEN false WHEN '0' THEN false END`;
  }
  return `TRY_CAST(${trimmed} AS ${physical[type]})`;
};
