import { type DataType, Field, makeData, RecordBatch, Schema, Struct, Table } from 'apache-arrow';
import type { Column } from './columns.ts';

/**
 * Builds an Arrow table of columns of one length.
 *
 * @param metadata of the schema: the names that every reader of the file finds
 */
export const tableOf = (
  columns: Readonly<Record<string, Pick<Column<never>, 'data'>>>,
  metadata: Readonly<Record<string, string>> = {},
): Table => {
  const children = Object.entries(columns).map(([name, column]) => ({ name, data: column.data() }));
  const length = children[0]?.data.length ?? 0;
  const fields = children.map(({ name, data }) => new Field<DataType>(name, data.type, data.nullCount > 0));
  const schema = new Schema(fields, new Map(Object.entries(metadata)));
  const struct = makeData({
    type: new Struct(fields),
    length,
    nullCount: 0,
    children: children.map(({ data }) => data),
  });
  return new Table(schema, new RecordBatch(schema, struct));
};
