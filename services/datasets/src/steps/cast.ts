import { type CastType, type OperationOf, ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { largestScale } from '../ingest/types/largest-scale.ts';
import { plainNumber, readAs, type TextFormat } from '../ingest/types/read-as.ts';
import { pickColumn, replaceColumns, rowColumn, type Table, type TableColumn } from './table.ts';

/**
 * Changes types. A value that does not fit fails the request, which says the first one and where it is, or becomes missing
 * (`on_error: "missing"`). Every value is exact: a fraction does not fit an integer, and no digit is rounded away.
 */
export const cast = async (
  session: Session,
  table: Table,
  { params }: OperationOf<'cast'>,
): Promise<{ table: Table; failed: number }> => {
  const format = formatOf(params);
  const targets: Target[] = [];
  for (const [name, type] of Object.entries(params.columns)) {
    const column = pickColumn(table, name);
    const scale = type === 'decimal' ? await scaleFor(session, table, column, format) : 0;
    targets.push({ column, type, sql: castTo(column, type, format, scale) });
  }
  const failures = targets.map(({ column, sql }) => `(${identifier(column.name)} IS NOT NULL AND ${sql} IS NULL)`);
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
  const expressions = new Map(targets.map(({ column, sql }) => [column.name, sql]));
  return {
    table: await replaceColumns(session, table, ({ name }) => expressions.get(name)),
    failed: failed.reduce((sum, count) => sum + count, 0),
  };
};

interface Target {
  readonly column: TableColumn;
  readonly type: CastType;
  readonly sql: string;
}

const formatOf = (params: OperationOf<'cast'>['params']): TextFormat => ({
  decimal: params.decimal,
  thousands: params.thousands,
  date: params.format,
  pivotYear: params.pivot_year,
  trueValues: params.true_values,
  falseValues: params.false_values,
  percent: params.percent,
  currency: params.currency,
  brackets: params.brackets,
});

const isText = ({ type }: TableColumn): boolean => type === 'string';

/** Places that a column needs as a decimal, nine at least. */
const scaleFor = async (session: Session, table: Table, column: TableColumn, format: TextFormat): Promise<number> => {
  const text = isText(column) ? identifier(column.name) : `CAST(${identifier(column.name)} AS VARCHAR)`;
  return Math.max(9, await largestScale(session, table.relation, text, isText(column) ? format : {}));
};

const castTo = (column: TableColumn, type: CastType, format: TextFormat, scale: number): string => {
  const name = identifier(column.name);
  if (isText(column)) return readAs(type, percented(column, type, format), format, scale);
  if (type === 'string') return column.type === 'binary' ? `to_base64(${name})` : `CAST(${name} AS VARCHAR)`;
  const text = `CAST(${name} AS VARCHAR)`;
  const isNumber = column.type === 'number' || column.type === 'decimal' || column.type === 'integer';
  if (!isNumber) return `TRY_CAST(${name} AS ${physical[type]})`;
  switch (type) {
    case 'integer':
      return `CASE WHEN ${name} = trunc(${name}) THEN TRY_CAST(${name} AS BIGINT) END`;
    case 'number':
      return column.type === 'number' ? name : readAs('number', text);
    case 'decimal':
      return column.type === 'decimal'
        ? name
        : `CASE WHEN isfinite(CAST(${name} AS DOUBLE)) THEN ${readAs('decimal', text, {}, scale)} END`;
    default:
      return `TRY_CAST(${name} AS ${physical[type]})`;
  }
};

/** 12% is 0.12, exactly: the mark moves by two places. */
const percented = (column: TableColumn, type: CastType, format: TextFormat): string => {
  const name = identifier(column.name);
  if (format.percent !== true || (type !== 'number' && type !== 'decimal')) return name;
  const text = `trim(${name})`;
  return `CASE WHEN contains(${text}, '%') THEN CAST(TRY_CAST(${plainNumber(text, format)} AS DECIMAL(30, 8)) / 100 AS VARCHAR) ELSE ${text} END`;
};

const physical: Record<CastType, string> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  decimal: 'DECIMAL(38, 9)',
  boolean: 'BOOLEAN',
  date: 'DATE',
  datetime: 'TIMESTAMP',
};
