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
import { firstJsonError } from './first-error.ts';
import { invalidJson, type JsonText, readJsonTexts } from './values.ts';

/**
 * Reads a table of JSON (RFC 8259, strictly): an array of objects, objects one after the other (NDJSON), or one object,
 * which is a table of one row. Columns are the keys in the order in which they first occur; a key that an object does not
 * have is missing. Numbers keep their value: integers up to 64 bits, what else a double holds exactly, the rest as text.
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
  const places = new Map<string, number>();
  let layout: 'array' | 'lines' = 'array';
  for await (const row of readJsonTexts(text.path, session.limits)) {
    layout = row.layout;
    const value = parse(row);
    if (!(value instanceof Map)) throw notATable(value, row.line);
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
    await sink.drain();
  }
  await sink.finish();
  if (sink.rows === 0 || places.size === 0) {
    throw unreadable('not_a_table', 'The JSON is valid, but it is no table: it has no rows with columns.');
  }
  const names = columnNames([...places.keys()], warnings);
  const columns = await decideTypedColumns(
    session,
    sinkTable,
    names.map((name, index) => ({ name, column: `c${index}`, kinds: sink.kinds(index, 0) })),
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

const notATable = (value: Value, line: number) =>
  unreadable(
    'not_a_table',
    `The JSON is valid, but it is no table: it must hold objects, and line ${line} has ${Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${value instanceof NumberText ? 'number' : typeof value}`}.`,
    { line },
  );

/** A number as it is written. */
class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Objects are maps: their keys keep their order, and `__proto__` is a key like any other. */
type Value = null | boolean | string | NumberText | Value[] | Map<string, Value>;

/** Parses one row. JSON.parse is strict; its reviver sees numbers as they are written (ECMAScript 2025). */
const parse = (row: JsonText): Value => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(row.text, function revive(_key, value: unknown, context?: { source?: string }) {
      if (typeof value === 'number') return new NumberText(context?.source ?? String(value));
      return value;
    });
  } catch {
    throw syntaxError(row);
  }
  return toValue(parsed);
};

const syntaxError = ({ text, line, column }: JsonText) => {
  const { offset, message } = firstJsonError(text);
  const before = text.slice(0, offset).split('\n');
  return invalidJson(
    message,
    line + before.length - 1,
    before.length === 1 ? column + offset : (before.at(-1)?.length ?? 0) + 1,
  );
};

const toValue = (parsed: unknown): Value => {
  if (parsed === null || typeof parsed === 'string' || typeof parsed === 'boolean' || parsed instanceof NumberText) {
    return parsed;
  }
  if (Array.isArray(parsed)) return parsed.map(toValue);
  return new Map(Object.entries(parsed as object).map(([key, value]) => [key, toValue(value)]));
};

const put = (sink: RowSink, place: number, cell: Value): void => {
  if (cell === null) return;
  if (typeof cell === 'string') sink.set(place, wellFormed(cell), 'string');
  else if (typeof cell === 'boolean') sink.set(place, String(cell), 'boolean');
  else if (cell instanceof NumberText) sink.set(place, cell.text, numberKind(cell.text));
  else sink.set(place, wellFormed(write(cell)), 'json');
};

const minimum = -(2n ** 63n);
const maximum = 2n ** 63n - 1n;

/** How a number as it is written in JSON can be kept without loss. */
export const numberKind = (text: string): 'integer' | 'number' | 'exact' => {
  if (/^-?\d+$/.test(text)) {
    if (text === '-0') return 'number';
    const value = BigInt(text);
    return value >= minimum && value <= maximum ? 'integer' : 'exact';
  }
  const value = Number(text);
  if (!Number.isFinite(value)) return 'exact';
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  if (digits.length <= 15) return 'number';
  const again = String(value)
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '');
  return again === digits.replace(/0+$/, '') ? 'number' : 'exact';
};

/** Writes a nested value as JSON again, numbers as they came. */
const write = (value: Value): string => {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (value instanceof Map)
    return `{${[...value].map(([key, one]) => `${JSON.stringify(key)}:${write(one)}`).join(',')}}`;
  return JSON.stringify(value);
};

/** Half a surrogate pair, which JSON can escape, has no place in UTF-8: it becomes the replacement character. */
const wellFormed = (text: string): string => text.toWellFormed();
