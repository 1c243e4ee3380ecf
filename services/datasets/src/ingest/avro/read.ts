import avro, { type Type } from 'avsc';
import type { Session } from '../../engine/session.ts';
import { boundColumns, columnNames } from '../column-names.ts';
import { unreadable } from '../refuse.ts';
import { createRowSink, sinkTable } from '../row-sink.ts';
import type { TableSource } from '../table-source.ts';
import { decideTypedColumns } from '../typed-columns.ts';
import type { Warnings } from '../warnings.ts';
import { avroCell } from './cell.ts';
import { type AvroBlock, damaged, openContainer } from './container.ts';
import { avroCodec, type FieldType, fieldType } from './types.ts';

interface Field {
  readonly name: string;
  /** Under which our own files keep a name that Avro does not allow. */
  readonly column: string;
  readonly type: FieldType;
}

/** Reads an Avro object container file whose schema is a record; nested fields become JSON text. */
export const readAvro = async (session: Session, path: string, warnings: Warnings): Promise<TableSource> => {
  const container = await openContainer(path, session.limits);
  try {
    const { type, fields } = readSchema(container.schema, session.limits.columns);
    const sink = await createRowSink(session);
    sink.column(fields.length - 1);
    for await (const block of container.blocks()) {
      for (const record of records(type, block)) {
        fields.forEach(({ name, type: kind }, index) => {
          const cell = avroCell(record[name], kind);
          if (cell !== undefined) sink.set(index, cell.text, cell.kind);
        });
        sink.endRow();
      }
      await sink.drain();
    }
    await sink.finish();
    const names = columnNames(
      fields.map(({ column }) => column),
      warnings,
    );
    const columns = await decideTypedColumns(
      session,
      sinkTable,
      fields.map(({ type: { precision, scale = 0 } }, index) => ({
        name: names[index] ?? '',
        column: `c${index}`,
        kinds: sink.kinds(index),
        ...(precision === undefined ? {} : { decimal: { precision, scale } }),
      })),
      false,
      warnings,
    );
    return {
      relation: sinkTable,
      // A column without values is still what the schema says.
      columns: columns.map((column, index) =>
        sink.kinds(index).size === 0 ? { ...column, ...emptyColumn(fields[index]?.type, column.sql) } : column,
      ),
      dialect: { codec: container.codec },
    };
  } finally {
    await container.close();
  }
};

const emptyColumn = (type: FieldType | undefined, sql: string) => {
  if (type?.logicalType !== undefined) return {};
  if (type?.type === 'int' || type?.type === 'long') return { type: 'integer', sql: `CAST(${sql} AS BIGINT)` } as const;
  if (type?.type === 'float' || type?.type === 'double')
    return { type: 'number', sql: `CAST(${sql} AS DOUBLE)` } as const;
  if (type?.type === 'boolean') return { type: 'boolean', sql: `CAST(${sql} AS BOOLEAN)` } as const;
  return {};
};

const readSchema = (text: string, maximumColumns: number): { type: Type; fields: Field[] } => {
  let type: Type;
  let schema: unknown;
  try {
    schema = JSON.parse(text);
    type = avroCodec(schema);
  } catch (error) {
    throw damaged(`its schema is not valid (${error instanceof Error ? error.message.slice(0, 200) : String(error)})`);
  }
  if (!(type instanceof avro.types.RecordType)) {
    throw unreadable('not_a_table', 'The Avro file is no table: its schema is not a record.');
  }
  const declared = (schema as { fields?: unknown }).fields;
  const fields = (Array.isArray(declared) ? declared : []).map((field: Record<string, unknown>) => ({
    name: String(field.name),
    column: typeof field.column_name === 'string' ? field.column_name : String(field.name),
    type: fieldType(field.type),
  }));
  if (fields.length === 0) throw unreadable('not_a_table', 'The Avro file is no table: its records have no fields.');
  boundColumns(fields.length, maximumColumns);
  return { type, fields };
};

function* records(type: Type, { count, data }: AvroBlock): Generator<Record<string, unknown>> {
  let offset = 0;
  for (let left = count; left > 0; left -= 1) {
    let decoded: { value?: unknown; offset: number };
    try {
      decoded = type.decode(data, offset);
    } catch (error) {
      throw damaged(`a record cannot be decoded (${error instanceof Error ? error.message : String(error)})`);
    }
    if (decoded.offset < 0 || decoded.offset > data.length) throw damaged('a block ends inside a record');
    offset = decoded.offset;
    yield decoded.value as Record<string, unknown>;
  }
  if (offset !== data.length) throw damaged('a block holds more than its records');
}
