import { ServiceError, type UploadOptions } from '@vindima/contracts';
import type { Warnings } from '../warnings.ts';
import { type JsonObject, type JsonValue, NumberText } from './value.ts';

/** Rows of a JSON value that is a table in one of the ways in which programs write them. */
export interface JsonRows {
  readonly rows: readonly JsonValue[];
  /** What there is to say of how they were found. */
  readonly note?: string;
}

/**
 * Finds the rows of a file that is one object: where `record_path` says; the features of GeoJSON; pandas' orientations
 * `split`, `table`, `columns` and `index`. Any other object is one row.
 */
export const rowsOfObject = (object: JsonObject): JsonRows => {
  const features = object.get('features');
  if (object.get('type') === 'FeatureCollection' && Array.isArray(features)) {
    return {
      rows: features.map(flatFeature),
      note: 'The features of GeoJSON are the rows, their properties the columns',
    };
  }
  const { columns, data } = { columns: object.get('columns'), data: object.get('data') };
  if (Array.isArray(columns) && isTable(data) && data.every((row) => row.length === columns.length)) {
    return {
      rows: data.map((row) => pairs(columns.map(textOf), row)),
      note: 'Columns and rows stand apart (pandas: split)',
    };
  }
  if (object.get('schema') instanceof Map && Array.isArray(data) && data.every((row) => row instanceof Map)) {
    return { rows: data, note: 'The rows stand in "data" beside their schema (pandas: table)' };
  }
  return columnwise(object) ?? { rows: [object] };
};

/** `{"id": {"0": 1, "1": 2}}` holds columns, `{"0": {"id": 1}}` rows. */
const columnwise = (object: JsonObject): JsonRows | undefined => {
  const inner = [...object.values()];
  if (inner.length === 0 || !inner.every((one): one is JsonObject => one instanceof Map && one.size > 0))
    return undefined;
  const keys = [...(inner[0]?.keys() ?? [])];
  const isPlace = (key: string) => /^\d+$/.test(key);
  const regular = inner.every((one) => one.size === keys.length && keys.every((key) => one.has(key)));
  if (regular && keys.every(isPlace) && ![...object.keys()].every(isPlace)) {
    const rows = keys.map(
      (key) => new Map([...object].map(([name, column]) => [name, (column as JsonObject).get(key) ?? null])),
    );
    return { rows, note: 'The object holds columns, not rows (pandas: columns)' };
  }
  if ([...object.keys()].every(isPlace) && !keys.some(isPlace)) {
    return { rows: inner, note: 'The object holds rows by their number (pandas: index)' };
  }
  return undefined;
};

const isTable = (value: JsonValue | undefined): value is JsonValue[][] =>
  Array.isArray(value) && value.every((row) => Array.isArray(row));

const textOf = (value: JsonValue): string =>
  value instanceof NumberText ? value.text : typeof value === 'string' ? value : String(value);

const pairs = (names: readonly string[], values: readonly JsonValue[]): JsonObject =>
  new Map(names.map((name, index) => [name, values[index] ?? null]));

const flatFeature = (feature: JsonValue): JsonValue => {
  if (!(feature instanceof Map)) return feature;
  const properties = feature.get('properties');
  const own = properties instanceof Map ? [...properties] : [];
  return new Map([
    ...(feature.has('id') ? [['id', feature.get('id') ?? null] as const] : []),
    ...own,
    ['geometry', feature.get('geometry') ?? null],
  ]);
};

/** The values at a path of keys (`data.items`). @throws 422 `datasets.unknown_path` */
export const valuesAt = (value: JsonValue, path: string): readonly JsonValue[] => {
  let current: JsonValue | undefined = value;
  for (const key of path.split('.')) {
    current = current instanceof Map ? current.get(key) : undefined;
    if (current === undefined) {
      throw new ServiceError(422, 'datasets.unknown_path', `The JSON has nothing at ${JSON.stringify(path)}.`, {
        details: { record_path: path, key },
      });
    }
  }
  return Array.isArray(current) ? current : [current];
};

/** Applies `explode` and `flatten` to a row. */
export const shapeRow = (row: JsonValue, { explode, flatten }: UploadOptions): JsonValue[] => {
  if (!(row instanceof Map)) return [row];
  const list = explode === undefined ? undefined : row.get(explode);
  const rows =
    explode !== undefined && Array.isArray(list)
      ? (list.length === 0 ? [null] : list).map((one) => new Map(row).set(explode, one))
      : [row];
  return flatten === undefined ? rows : rows.map((one) => new Map(flatEntries(one, '', flatten)));
};

function* flatEntries(object: JsonObject, prefix: string, separator: string): Generator<[string, JsonValue]> {
  for (const [key, value] of object) {
    const name = prefix === '' ? key : `${prefix}${separator}${key}`;
    if (value instanceof Map && value.size > 0) yield* flatEntries(value, name, separator);
    else yield [name, value];
  }
}

export const tellRows = (note: string | undefined, warnings: Warnings): void => {
  if (note !== undefined) warnings.add({ code: 'json_layout', message: note });
};
