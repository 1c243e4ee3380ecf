import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { deflateRawSync } from 'node:zlib';
import avro from 'avsc';
import type { Session } from '../engine/session.ts';
import { avroCodec } from '../ingest/avro/types.ts';
import type { Table, TableColumn } from '../steps/table.ts';
import { readChunks } from './chunks.ts';
import { decimalShape, primitive } from './primitive.ts';

const recordsPerBlock = 8192;

/** Writes an Avro object container file, its blocks deflated. A column's own name is kept where Avro does not allow it. */
export const writeAvro = async (session: Session, table: Table, output: string): Promise<void> => {
  const names = avroNames(table.columns);
  const schema = {
    type: 'record',
    name: 'Row',
    fields: table.columns.map((column, index) => ({
      name: names[index],
      type: ['null', avroType(column)],
      default: null,
      ...(names[index] === column.name ? {} : { column_name: column.name }),
    })),
  };
  const type = avroCodec(schema);
  const query = `SELECT ${table.columns.map(primitive).join(', ')} FROM ${table.relation}`;
  const sync = randomBytes(16);

  async function* file(): AsyncGenerator<Buffer> {
    yield header(JSON.stringify(schema), sync);
    let records: Buffer[] = [];
    for await (const chunk of readChunks(session, query)) {
      const rows = chunk[0]?.length ?? 0;
      for (let row = 0; row < rows; row += 1) {
        const record: Record<string, unknown> = {};
        table.columns.forEach((column, index) => {
          record[names[index] ?? ''] = avroValue(column, chunk[index]?.[row]);
        });
        records.push(type.toBuffer(record));
      }
      if (records.length >= recordsPerBlock) {
        yield block(records, sync);
        records = [];
      }
    }
    if (records.length > 0) yield block(records, sync);
  }
  await pipeline(Readable.from(file()), createWriteStream(output));
};

const long = avro.Type.forSchema('long');
const metadata = avro.Type.forSchema({ type: 'map', values: 'bytes' });

const header = (schema: string, sync: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from('Obj\u0001', 'latin1'),
    metadata.toBuffer({ 'avro.schema': Buffer.from(schema), 'avro.codec': Buffer.from('deflate') }),
    sync,
  ]);

const block = (records: readonly Buffer[], sync: Buffer): Buffer => {
  const data = deflateRawSync(Buffer.concat(records), { level: 3 });
  return Buffer.concat([long.toBuffer(records.length), long.toBuffer(data.length), data, sync]);
};

const avroType = (column: TableColumn): unknown => {
  switch (column.type) {
    case 'integer':
      return 'long';
    case 'number':
      return 'double';
    case 'boolean':
      return 'boolean';
    case 'date':
      return { type: 'int', logicalType: 'date' };
    case 'time':
      return { type: 'long', logicalType: 'time-micros' };
    case 'datetime':
      return { type: 'long', logicalType: 'local-timestamp-micros' };
    case 'datetime_tz':
      return { type: 'long', logicalType: 'timestamp-micros' };
    case 'decimal':
      return { type: 'bytes', logicalType: 'decimal', ...decimalShape(column) };
    case 'binary':
      return 'bytes';
    default:
      return 'string';
  }
};

const avroValue = (column: TableColumn, value: unknown): unknown => {
  if (value === null || value === undefined) return null;
  if (column.type === 'decimal') return twosComplement(BigInt(String(value)));
  if (column.type === 'binary') return Buffer.from(value as Uint8Array);
  return value;
};

/** The shortest big-endian two's complement. */
const twosComplement = (value: bigint): Buffer => {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  return Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
};

/** Names of fields: letters, digits and underscores, each once. */
const avroNames = (columns: readonly TableColumn[]): string[] => {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    const base = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9])|^$/, '_');
    let unique = base;
    for (let number = 2; taken.has(unique); number += 1) unique = `${base}_${number}`;
    taken.add(unique);
    return unique;
  });
};
