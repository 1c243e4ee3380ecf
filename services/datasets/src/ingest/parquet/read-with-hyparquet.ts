import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Session } from '../../engine/session.ts';
import { literal } from '../../engine/sql.ts';
import { boundColumns, columnNames } from '../column-names.ts';
import { unreadable } from '../refuse.ts';
import { type CellKind, createRowSink, sinkTable } from '../row-sink.ts';
import type { TableSource } from '../table-source.ts';
import { decideTypedColumns } from '../typed-columns.ts';
import type { Warnings } from '../warnings.ts';

const rowsAtOnce = 10_000;

/**
 * Whether a file uses what DuckDB does not read: whole numbers and bytes in BYTE_STREAM_SPLIT (Parquet 2.11), or the LZ4 of
 * Hadoop.
 */
export const needsOtherReader = async (session: Session, path: string): Promise<boolean> => {
  const { count } = await session.row(
    `SELECT count(*) AS count FROM parquet_metadata(${literal(path)})
     WHERE compression = 'LZ4' OR (contains(encodings, 'BYTE_STREAM_SPLIT') AND type NOT IN ('FLOAT', 'DOUBLE'))`,
  );
  return Number(count) > 0;
};

/** Reads a flat Parquet file with hyparquet, which knows more encodings than DuckDB and is slower. */
export const readWithHyparquet = async (session: Session, path: string, warnings: Warnings): Promise<TableSource> => {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const elements = metadata.schema.slice(1);
  const odd = elements.find(isUnsuitable);
  if (odd !== undefined) {
    throw unreadable(
      'unknown_encoding',
      `Column ${JSON.stringify(odd.name)} of the Parquet file is written in a way that cannot be read without loss.`,
      { column: odd.name },
    );
  }
  boundColumns(elements.length, session.limits.columns);
  const sink = await createRowSink(session);
  if (elements.length > 0) sink.column(elements.length - 1);
  const total = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < total; rowStart += rowsAtOnce) {
    const rowEnd = Math.min(total, rowStart + rowsAtOnce);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, parsers });
    for (const row of rows) {
      elements.forEach((element, place) => {
        const cell = cellOf(row[element.name], element);
        if (cell !== undefined) sink.set(place, cell.text, cell.kind);
      });
      sink.endRow();
      await sink.drain();
    }
  }
  await sink.finish();
  const names = columnNames(
    elements.map(({ name }) => name),
    warnings,
  );
  const columns = await decideTypedColumns(
    session,
    sinkTable,
    names.map((name, index) => ({ name, column: `c${index}`, kinds: sink.kinds(index) })),
    false,
    warnings,
  );
  return { relation: sinkTable, columns, dialect: {} };
};

/** Nested columns, and decimals, which hyparquet makes doubles of. */
const isUnsuitable = ({
  num_children: children,
  converted_type: converted,
  logical_type: logical,
}: SchemaElement): boolean => (children ?? 0) > 0 || converted === 'DECIMAL' || logical?.type === 'DECIMAL';

/** Instants and days as text, so that nothing of them is rounded. */
const parsers = {
  timestampFromMilliseconds: (count: bigint) => new IsoText(isoOf(count * 1000n)),
  timestampFromMicroseconds: (count: bigint) => new IsoText(isoOf(count)),
  timestampFromNanoseconds: (count: bigint) => new IsoText(isoOf(count / 1000n)),
  dateFromDays: (days: number) => new IsoText(new Date(days * 86_400_000).toISOString().slice(0, 10)),
};

class IsoText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const isoOf = (microseconds: bigint): string => {
  const rest = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const whole = new Date(Number((microseconds - rest) / 1000n)).toISOString().slice(0, 19);
  return `${whole}.${String(rest).padStart(6, '0')}`;
};

const cellOf = (value: unknown, element: SchemaElement): { text: string; kind: CellKind } | undefined => {
  if (value === null || value === undefined || Number.isNaN(value)) return undefined;
  switch (typeof value) {
    case 'bigint':
      return { text: String(value), kind: value < 2n ** 63n ? 'integer' : 'exact' };
    case 'number':
      return {
        text: String(value),
        kind: /^(FLOAT|DOUBLE)$/.test(element.type ?? '') || !Number.isInteger(value) ? 'number' : 'integer',
      };
    case 'boolean':
      return { text: String(value), kind: 'boolean' };
    case 'string':
      return { text: value, kind: 'string' };
    default:
      if (value instanceof IsoText) return dateCell(value.text, element);
      if (value instanceof Uint8Array) return { text: Buffer.from(value).toString('base64'), kind: 'binary' };
      return { text: JSON.stringify(value), kind: 'json' };
  }
};

const dateCell = (text: string, { logical_type: logical }: SchemaElement): { text: string; kind: CellKind } => {
  if (text.length === 10) return { text, kind: 'date' };
  const utc = logical?.type === 'TIMESTAMP' && logical.isAdjustedToUTC;
  return { text: utc ? `${text}+00` : text, kind: utc ? 'datetime_tz' : 'datetime' };
};
