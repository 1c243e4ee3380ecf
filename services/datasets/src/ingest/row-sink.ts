import { DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { boundColumns } from './column-names.ts';

/** What a cell of a typed source (JSON, a workbook, Avro) is, apart from missing. */
export type CellKind =
  | 'string'
  | 'integer'
  | 'number'
  /** A number that no 64-bit integer or double holds exactly. */
  | 'exact'
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'time'
  | 'datetime'
  | 'datetime_tz'
  | 'binary'
  | 'json';

/** Takes the cells of a typed source, row by row, into a table of text that DuckDB keeps (on disk, if it must). */
export interface RowSink {
  /** The place of a column, which is new or was there. @throws 422 `datasets.too_many_columns` */
  column(index: number): void;
  /** Sets a cell of the current row; what is not set is missing. `text` is how the value is written. */
  set(column: number, text: string, kind: CellKind): void;
  endRow(): void;
  /** Rows so far. */
  readonly rows: number;
  /** Kinds that occur in a column, each with the number of its values, from row `first` (0 or 1) on. */
  kinds(column: number, first: 0 | 1): ReadonlyMap<CellKind, number>;
  /** The texts of the first row. */
  readonly firstRow: readonly (string | undefined)[];
  readonly width: number;
  /** Writes what is buffered. Afterwards `relation` is complete; its columns are c0, c1, ... in rows as they came. */
  finish(): Promise<void>;
  /** Call between rows: writes when enough has gathered. */
  drain(): Promise<void>;
}

/** The table that a sink fills. */
export const sinkTable = 'cells';

const rowsPerChunk = 2048;
const cellsPerChunk = 262_144;

export const createRowSink = async (session: Session): Promise<RowSink> => {
  const { connection, limits } = session;
  await session.run(`CREATE TEMP TABLE ${sinkTable} (${identifier('c0')} VARCHAR)`);
  let stored = 1;
  let buffers: (string | null)[][] = [];
  const kindsOf: Map<CellKind, number>[] = [];
  const firstKinds: (CellKind | undefined)[] = [];
  const firstRow: (string | undefined)[] = [];
  let buffered = 0;
  let rows = 0;

  const column = (index: number) => {
    if (index < kindsOf.length) return;
    boundColumns(index + 1, limits.columns);
    while (kindsOf.length <= index) {
      kindsOf.push(new Map());
      buffers.push(new Array<string | null>(buffered).fill(null));
    }
  };

  const flush = async () => {
    if (buffered === 0) return;
    column(0);
    for (; stored < buffers.length; stored += 1) {
      await session.run(`ALTER TABLE ${sinkTable} ADD COLUMN ${identifier(`c${stored}`)} VARCHAR`);
    }
    const appender = await connection.createAppender(sinkTable);
    try {
      for (let from = 0; from < buffered; from += rowsPerChunk) {
        const chunk = DuckDBDataChunk.create(
          buffers.map(() => VARCHAR),
          Math.min(rowsPerChunk, buffered - from),
        );
        chunk.setColumns(buffers.map((values) => values.slice(from, from + rowsPerChunk)));
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
    buffers = buffers.map(() => []);
    buffered = 0;
  };

  return {
    column,
    set: (index, text, kind) => {
      column(index);
      const buffer = buffers[index];
      const kinds = kindsOf[index];
      if (buffer === undefined || kinds === undefined) return;
      while (buffer.length < buffered) buffer.push(null);
      buffer[buffered] = text;
      if (rows === 0) {
        firstRow[index] = text;
        firstKinds[index] = kind;
      } else {
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
    },
    endRow: () => {
      buffered += 1;
      rows += 1;
      for (const buffer of buffers) while (buffer.length < buffered) buffer.push(null);
    },
    get rows() {
      return rows;
    },
    get width() {
      return kindsOf.length;
    },
    firstRow,
    kinds: (index, first) => {
      const kinds = new Map(kindsOf[index]);
      const own = firstKinds[index];
      if (first === 0 && own !== undefined) kinds.set(own, (kinds.get(own) ?? 0) + 1);
      return kinds;
    },
    drain: async () => {
      if (buffered >= rowsPerChunk * 8 || buffered * Math.max(1, buffers.length) >= cellsPerChunk) await flush();
    },
    finish: flush,
  };
};
