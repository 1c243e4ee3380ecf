import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  Binary,
  Bool,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int64,
  makeBuilder,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimeMicrosecond,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import type { Session } from '../engine/session.ts';
import type { Table, TableColumn } from '../steps/table.ts';
import { type Chunk, readChunks } from './chunks.ts';
import { decimalShape, primitive } from './primitive.ts';

const rowsPerBatch = 65_536;

/** Writes an Arrow IPC file (Feather version 2), a batch at a time. */
export const writeArrow = async (session: Session, table: Table, output: string): Promise<void> => {
  const schema = new Schema(table.columns.map((column) => new Field(column.name, arrowType(column), true)));
  const query = `SELECT ${table.columns.map(primitive).join(', ')} FROM ${table.relation}`;
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, schema);
  const write = async () => {
    let gathered: Chunk[] = [];
    let rows = 0;
    const flush = () => {
      if (rows > 0) writer.write(batch(schema, table.columns, gathered, rows));
      gathered = [];
      rows = 0;
    };
    for await (const chunk of readChunks(session, query)) {
      gathered.push(chunk);
      rows += chunk[0]?.length ?? 0;
      if (rows >= rowsPerBatch) flush();
    }
    flush();
    writer.finish();
  };
  await Promise.all([pipeline(Readable.from(writer), createWriteStream(output)), write()]);
};

const arrowType = (column: TableColumn): DataType => {
  switch (column.type) {
    case 'integer':
      return new Int64();
    case 'number':
      return new Float64();
    case 'boolean':
      return new Bool();
    case 'date':
      return new DateDay();
    case 'time':
      return new TimeMicrosecond();
    case 'datetime':
      return new TimestampMicrosecond();
    case 'datetime_tz':
      return new TimestampMicrosecond('UTC');
    case 'decimal': {
      const { precision, scale } = decimalShape(column);
      return new Decimal(scale, precision, 128);
    }
    case 'binary':
      return new Binary();
    default:
      return new Utf8();
  }
};

const batch = (
  schema: Schema,
  columns: readonly TableColumn[],
  chunks: readonly Chunk[],
  rows: number,
): RecordBatch => {
  const children = columns.map((column, index) =>
    columnData(
      arrowType(column),
      column,
      chunks.flatMap((chunk) => [...(chunk[index] ?? [])]),
    ),
  );
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children }));
};

/** The values of a column as Arrow lays them out. Numbers go in as they are: Arrow's builders would convert times through doubles. */
const columnData = (type: DataType, column: TableColumn, values: readonly unknown[]): Data => {
  const { length } = values;
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  values.forEach((value, index) => {
    if (value === null || value === undefined) nullCount += 1;
    else nullBitmap[index >> 3] = (nullBitmap[index >> 3] ?? 0) | (1 << (index & 7));
  });
  const shape = { length, nullCount, nullBitmap };
  switch (column.type) {
    case 'integer':
      return makeData({ type: type as Int64, data: longs(values), ...shape });
    case 'time':
      return makeData({ type: type as TimeMicrosecond, data: longs(values), ...shape });
    case 'datetime':
    case 'datetime_tz':
      return makeData({ type: type as TimestampMicrosecond, data: longs(values), ...shape });
    case 'number':
      return makeData({
        type: type as Float64,
        data: Float64Array.from(values, (value) => Number(value ?? 0)),
        ...shape,
      });
    case 'date':
      return makeData({
        type: type as DateDay,
        data: Int32Array.from(values, (value) => Number(value ?? 0)),
        ...shape,
      });
    case 'decimal':
      return makeData({ type: type as Decimal, data: decimals(values), ...shape });
    default: {
      const builder = makeBuilder({ type, nullValues: [null, undefined] });
      for (const value of values) builder.append(value);
      return builder.finish().flush();
    }
  }
};

const longs = (values: readonly unknown[]) => BigInt64Array.from(values, (value) => BigInt((value ?? 0) as bigint));

/** 128-bit integers, little-endian, as four words. */
const decimals = (values: readonly unknown[]): Uint32Array => {
  const words = new Uint32Array(values.length * 4);
  values.forEach((value, index) => {
    const bits = BigInt.asUintN(128, BigInt(String(value ?? '0')));
    for (let word = 0; word < 4; word += 1) words[index * 4 + word] = Number((bits >> BigInt(word * 32)) & 0xffffffffn);
  });
  return words;
};
