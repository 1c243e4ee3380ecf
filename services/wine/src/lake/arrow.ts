import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  Dictionary,
  Field,
  Float64,
  Int16,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { Selection } from '../query/select.ts';
import { sizeOf } from '../query/select.ts';
import { missingReasons, type SeriesTable } from '../vitibrasil/table.ts';

/** Sets bit `index` of an Arrow bitmap. */
const setBit = (bits: Uint8Array, index: number) => {
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
};

/** A dictionary column from the text of each figure; texts repeat often, and each is stored once. */
const textColumn = (length: number, textAt: (index: number) => string | null): Data => {
  const places = new Map<string, number>();
  const indices = new Int32Array(length);
  const valid = new Uint8Array(Math.ceil(length / 8));
  let nulls = 0;
  for (let index = 0; index < length; index++) {
    const text = textAt(index);
    if (text === null) {
      nulls += 1;
      continue;
    }
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    indices[index] = place;
    setBit(valid, index);
  }
  // A dictionary of nothing is no valid IPC message for every reader: an empty text that nobody points at does no harm.
  const dictionary = vectorFromArray(places.size === 0 ? [''] : [...places.keys()], new Utf8());
  return makeData({
    type: new Dictionary(new Utf8(), new Int32()),
    length,
    nullCount: nulls,
    nullBitmap: valid,
    data: indices,
    dictionary,
  });
};

export interface ArrowOptions {
  /** `YYYY-MM-DD`, the same for every figure. */
  readonly processingDate: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly offset?: number;
  readonly limit?: number;
}

/**
 * Builds an Arrow table of the figures of a selection: the columns of the long table and `processing_date` (date). Texts are
 * dictionaries, `value` is a nullable double, `metadata` becomes the schema's.
 */
export const toArrow = (table: SeriesTable, selection: Selection, options: ArrowOptions): Table => {
  const { offset = 0, limit = Number.POSITIVE_INFINITY } = options;
  const width = selection.columns.length;
  const length = Math.max(Math.min(limit, sizeOf(selection) - offset), 0);
  const rowAt = (index: number) => selection.rows[Math.floor((offset + index) / width)] ?? 0;
  const columnAt = (index: number) => selection.columns[(offset + index) % width] ?? 0;
  const row = (index: number) => table.rows[rowAt(index)];
  const column = (index: number) => table.columns[columnAt(index)];
  const position = (index: number) => rowAt(index) * table.columns.length + columnAt(index);

  const rowNumbers = new Int32Array(length);
  const years = new Int16Array(length);
  const values = new Float64Array(length);
  const valid = new Uint8Array(Math.ceil(length / 8));
  const totals = new Uint8Array(Math.ceil(length / 8));
  let nulls = 0;
  for (let index = 0; index < length; index++) {
    const value = table.values[position(index)] ?? Number.NaN;
    rowNumbers[index] = row(index)?.number ?? 0;
    years[index] = column(index)?.year ?? 0;
    if (Number.isNaN(value)) nulls += 1;
    else {
      values[index] = value;
      setBit(valid, index);
    }
    if (row(index)?.isTotal === true) setBit(totals, index);
  }
  const day = Math.floor(Date.parse(`${options.processingDate}T00:00:00Z`) / 86_400_000);
  const text = (textAt: (index: number) => string | null | undefined) =>
    textColumn(length, (index) => textAt(index) ?? null);
  const data: Record<string, Data> = {
    series: text(() => table.series.id),
    row_number: makeData({ type: new Int32(), data: rowNumbers }),
    section: text((index) => row(index)?.section),
    control: text((index) => row(index)?.control),
    name: text((index) => row(index)?.name),
    footnote: text((index) => row(index)?.footnote),
    country: text((index) => row(index)?.country),
    year: makeData({ type: new Int16(), data: years }),
    measure: text((index) => column(index)?.measure.measure),
    value: makeData({ type: new Float64(), length, nullCount: nulls, nullBitmap: valid, data: values }),
    unit: text((index) => column(index)?.measure.unit),
    missing_reason: text((index) => missingReasons[table.missing[position(index)] ?? 0]),
    is_total: makeData({ type: new Bool(), length, nullCount: 0, data: totals }),
    processing_date: makeData({ type: new DateDay(), data: new Int32Array(length).fill(day) }),
  };
  const nullable = new Set(['section', 'control', 'footnote', 'country', 'value', 'missing_reason']);
  const fields = Object.entries(data).map(([name, { type }]) => new Field<DataType>(name, type, nullable.has(name)));
  const schema = new Schema(fields, new Map(Object.entries(options.metadata ?? {})));
  const struct = makeData({ type: new Struct(fields), length, nullCount: 0, children: Object.values(data) });
  return new Table(schema, new RecordBatch(schema, struct));
};
