import { join } from 'node:path';
import type { UploadOptions } from '@vindima/contracts';
import type { Session } from '../../engine/session.ts';
import { columnNames } from '../column-names.ts';
import { unreadable } from '../refuse.ts';
import { createRowSink, type RowSink, sinkTable } from '../row-sink.ts';
import type { TableSource } from '../table-source.ts';
import { readText } from '../text/read-text.ts';
import { decideTypedColumns } from '../typed-columns.ts';
import type { Warnings } from '../warnings.ts';
import { JsonError, type ParseOptions, parseJson } from './parse.ts';
import { rowsOfObject, shapeRow, tellRows, valuesAt } from './rows.ts';
import { type JsonValue, NumberText, numberKind, writeJsonValue } from './value.ts';
import { invalidJson, type JsonText, readJsonTexts } from './values.ts';

/**
 * Reads a table of JSON (RFC 8259, strictly): an array of objects, objects one after the other (NDJSON), or one object, which
 * is a table of one row unless it is one of the layouts that `rowsOfObject` knows. Columns are the keys in the order in which
 * they first occur; a key that an object does not have is missing. Numbers keep their value: integers up to 64 bits, what else
 * a double holds exactly, the rest as text.
 */
export const readJson = async (
  session: Session,
  path: string,
  options: UploadOptions,
  warnings: Warnings,
): Promise<TableSource & { format: 'json' | 'ndjson' }> => {
  const text = await readText(path, join(session.folder, 'utf-8.json'), options.encoding, warnings);
  if (options.encoding === undefined && !text.encoding.startsWith('utf-')) {
    throw unreadable('invalid_json', 'The JSON is not valid: it must be in UTF-8 (or UTF-16 with a byte order mark).');
  }
  const sink = await createRowSink(session);
  const table = createTable(sink);
  const repeated = new Set<string>();
  const parsing: ParseOptions = {
    nan: options.allow_nan === true,
    onDuplicate: (key) => {
      repeated.add(key);
    },
  };
  let layout: JsonText['layout'] = 'array';
  for await (const read of lookingAhead(readValues(text.path, session, parsing))) {
    layout = read.row.layout;
    for (const row of rowsOf(read, options, warnings)) table.add(row, read.row.line);
    await sink.drain();
  }
  await sink.finish();
  for (const key of repeated) {
    warnings.add({
      code: 'repeated_key',
      message: `An object has the key ${JSON.stringify(key)} twice; the last value counts`,
    });
  }
  if (sink.rows === 0 || table.places.size === 0) {
    throw unreadable('not_a_table', 'The JSON is valid, but it is no table: it has no rows with columns.');
  }
  const names = columnNames([...table.places.keys()], warnings);
  const columns = await decideTypedColumns(
    session,
    sinkTable,
    names.map((name, index) => ({ name, column: `c${index}`, kinds: sink.kinds(index) })),
    true,
    warnings,
  );
  return {
    format: layout === 'array' ? 'json' : 'ndjson',
    relation: sinkTable,
    columns,
    dialect: { encoding: text.encoding },
  };
};

interface ReadValue {
  readonly value: JsonValue;
  readonly row: JsonText;
  /** Whether it is the only value of the file, and no array was around it. */
  readonly alone: boolean;
}

async function* readValues(
  path: string,
  session: Session,
  parsing: ParseOptions,
): AsyncGenerator<Omit<ReadValue, 'alone'>> {
  for await (const row of readJsonTexts(path, session.limits)) yield { row, value: parse(row, parsing) };
}

/** Looks one value ahead, so that the first one is known to be alone where it is. */
async function* lookingAhead(values: AsyncGenerator<Omit<ReadValue, 'alone'>>): AsyncGenerator<ReadValue> {
  let waiting: Omit<ReadValue, 'alone'> | undefined;
  let count = 0;
  for await (const value of values) {
    if (waiting !== undefined) yield { ...waiting, alone: false };
    waiting = value;
    count += 1;
  }
  if (waiting !== undefined) yield { ...waiting, alone: count === 1 && waiting.row.layout === 'lines' };
}

const rowsOf = ({ value, alone }: ReadValue, options: UploadOptions, warnings: Warnings): JsonValue[] => {
  let rows: readonly JsonValue[] = [value];
  if (options.record_path !== undefined) {
    rows = valuesAt(value, options.record_path);
  } else if (alone && value instanceof Map) {
    const found = rowsOfObject(value);
    tellRows(found.note, warnings);
    rows = found.rows;
  }
  return rows.flatMap((row) => shapeRow(row, options));
};

/** Puts objects into a sink, a column for each key. */
const createTable = (sink: RowSink) => {
  const places = new Map<string, number>();
  const add = (value: JsonValue, line: number): void => {
    if (!(value instanceof Map)) throw notATable(value, line);
    for (const [key, cell] of value) {
      let place = places.get(key);
      if (place === undefined) {
        place = places.size;
        places.set(key, place);
        sink.column(place);
      }
      put(sink, place, cell);
    }
    sink.endRow();
  };
  return { places, add };
};

const notATable = (value: JsonValue, line: number) =>
  unreadable(
    'not_a_table',
    `The JSON is valid, but it is no table: it must hold objects, and line ${line} has ${kindOf(value)}.`,
    { line },
  );

const kindOf = (value: JsonValue): string => {
  if (Array.isArray(value)) return 'an array';
  if (value === null) return 'null';
  return `a ${value instanceof NumberText ? 'number' : typeof value}`;
};

const parse = (row: JsonText, options: ParseOptions): JsonValue => {
  try {
    return parseJson(row.text, options);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const before = row.text.slice(0, error.offset).split('\n');
    const column = before.length === 1 ? row.column + error.offset : (before.at(-1)?.length ?? 0) + 1;
    throw invalidJson(error.message, row.line + before.length - 1, column);
  }
};

const put = (sink: RowSink, place: number, cell: JsonValue): void => {
  if (cell === null) return;
  if (typeof cell === 'string') sink.set(place, cell.toWellFormed(), 'string');
  else if (typeof cell === 'boolean') sink.set(place, String(cell), 'boolean');
  else if (cell instanceof NumberText) sink.set(place, cell.text, numberKind(cell.text));
  // Half a surrogate pair, which JSON can escape, has no place in UTF-8: it becomes the replacement character.
  else sink.set(place, writeJsonValue(cell).toWellFormed(), 'json');
};
