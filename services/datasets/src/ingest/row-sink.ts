import { DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import type { Session } from '../engine/session.ts';
import { identifier, literal } from '../engine/sql.ts';
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
  /** Kinds that occur in a column, each with the number of its values. Rows that are left out must be among the kept ones. */
  kinds(column: number, without?: ReadonlySet<number>): ReadonlyMap<CellKind, number>;
  /** The first rows and the last ones, by their number from 0. */
  readonly kept: ReadonlyMap<number, KeptRow>;
  /** Gives a value to the cells of a column from one row to before another, which are missing there. After `finish`. */
  fill(column: number, from: number, to: number, value: SinkCell): Promise<void>;
  readonly width: number;
  /** Writes what is buffered. Afterwards `relation` is complete; its columns are c0, c1, ... in rows as they came. */
  finish(): Promise<void>;
  /** Call between rows: writes when enough has gathered. */
  drain(): Promise<void>;
}

export interface SinkCell {
  readonly text: string;
  readonly kind: CellKind;
}

/** The cells of a row; what is missing is a hole. */
export type KeptRow = readonly (SinkCell | undefined)[];

const keptAtStart = 60;
const keptAtEnd = 40;

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
  const kept = new Map<number, (SinkCell | undefined)[]>();
  let current: (SinkCell | undefined)[] = [];
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
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      current[index] = { text, kind };
    },
    endRow: () => {
      kept.set(rows, current);
      if (rows - keptAtEnd >= keptAtStart) kept.delete(rows - keptAtEnd);
      current = [];
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
    kept,
    kinds: (index, without) => {
      const kinds = new Map(kindsOf[index]);
      for (const row of without ?? []) {
        const kind = kept.get(row)?.[index]?.kind;
        const count = kind === undefined ? 0 : (kinds.get(kind) ?? 0);
        if (kind !== undefined && count > 1) kinds.set(kind, count - 1);
        else if (kind !== undefined) kinds.delete(kind);
      }
      return kinds;
    },
    fill: async (index, from, to, value) => {
      await session.run(
        `UPDATE ${sinkTable} SET ${identifier(`c${index}`)} = ${literal(value.text)} WHERE rowid >= ${from} AND rowid < ${to}`,
      );
      const kinds = kindsOf[index];
      kinds?.set(value.kind, (kinds.get(value.kind) ?? 0) + to - from);
      for (let row = from; row < to; row += 1) {
        const cells = kept.get(row);
        if (cells !== undefined) cells[index] = value;
      }
    },
    drain: async () => {
      if (buffered >= rowsPerChunk * 8 || buffered * Math.max(1, buffers.length) >= cellsPerChunk) await flush();
    },
    finish: flush,
  };
};
