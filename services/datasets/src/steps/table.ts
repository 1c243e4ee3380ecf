import type { ColumnType, DatasetColumn } from '@vindima/contracts';
import { ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier, literal } from '../engine/sql.ts';
import { canonicalType } from '../ingest/parquet/read.ts';

/** A column of a table that is worked on. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** What DuckDB calls its type. */
  readonly physical: string;
}

/** A table, as SQL that has not run yet. */
export interface Table {
  /** For FROM. Besides the columns it has {@link rowColumn}, by which its rows are ordered. */
  readonly relation: string;
  readonly columns: readonly TableColumn[];
}

/** The place of a row. No column of a table has a control character in its name. */
export const rowColumn = identifier('\u0001row');

/** A stored table, its rows numbered from 0. */
export const openTable = async (session: Session, path: string): Promise<Table> => {
  const columns = await describe(session, `read_parquet(${literal(path)})`);
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  return {
    relation: `(SELECT file_row_number AS ${rowColumn}, ${names} FROM read_parquet(${literal(path)}))`,
    columns,
  };
};

export const describe = async (session: Session, relation: string): Promise<TableColumn[]> => {
  const rows = await session.rows(`DESCRIBE SELECT * FROM ${relation}`);
  return rows
    .map((row) => ({ name: String(row.column_name), physical: String(row.column_type) }))
    .filter(({ name }) => identifier(name) !== rowColumn)
    .map(({ name, physical }) => ({ name, physical, type: canonicalType(physical).type }));
};

/** A table with other values in some columns, or other columns. `expressions` are SQL by new name, in order. */
export const project = async (
  session: Session,
  table: Table,
  expressions: readonly (readonly [name: string, sql: string])[],
): Promise<Table> => {
  const list = expressions.map(([name, sql]) => `${sql} AS ${identifier(name)}`).join(', ');
  const relation = `(SELECT ${rowColumn}, ${list} FROM ${table.relation})`;
  return { relation, columns: await describe(session, relation) };
};

/** A table with `change` applied to the columns that it answers SQL for. */
export const replaceColumns = (
  session: Session,
  table: Table,
  change: (column: TableColumn) => string | undefined,
): Promise<Table> =>
  project(
    session,
    table,
    table.columns.map((column) => [column.name, change(column) ?? identifier(column.name)] as const),
  );

export const countRows = async (session: Session, table: Table): Promise<number> =>
  Number((await session.row(`SELECT count(*) AS rows FROM ${table.relation}`)).rows);

export const isNumeric = ({ type }: { type: ColumnType }): boolean =>
  type === 'integer' || type === 'number' || type === 'decimal';

/** The columns that a request names, or all of them. @throws 422 `datasets.unknown_column` */
export const pickColumns = (
  table: { columns: readonly TableColumn[] },
  names: readonly string[] | undefined,
): readonly TableColumn[] => (names === undefined ? table.columns : names.map((name) => pickColumn(table, name)));

/** @throws 422 `datasets.unknown_column` */
export const pickColumn = (table: { columns: readonly TableColumn[] }, name: string): TableColumn => {
  const column = table.columns.find((one) => one.name === name);
  if (column !== undefined) return column;
  throw new ServiceError(422, 'datasets.unknown_column', `There is no column ${JSON.stringify(name)}.`, {
    details: { column: name, columns: table.columns.slice(0, 100).map((one) => one.name) },
  });
};

export const publicColumns = (columns: readonly TableColumn[]): DatasetColumn[] =>
  columns.map(({ name, type }) => ({ name, type }));
