import type { ColumnType } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import type { CellKind } from './row-sink.ts';
import type { SourceColumn } from './table-source.ts';
import { convert } from './types/convert.ts';
import { countShapes } from './types/count-shapes.ts';
import { isoDatesOf } from './types/decide-types.ts';
import type { Warnings } from './warnings.ts';

/** A column of a typed source before its type is decided. */
export interface TypedColumn {
  readonly name: string;
  /** In the relation. */
  readonly column: string;
  readonly kinds: ReadonlyMap<CellKind, number>;
  /** Digits and scale of an exact decimal, where the source declares them. */
  readonly decimal?: { readonly precision: number; readonly scale: number };
}

/**
 * Decides the types of the columns of a typed source from the kinds of all their values. Kinds that one type holds without
 * loss are joined (integers and numbers, dates and times of day); any other mixture is kept as text and reported. Texts
 * that are all dates in ISO 8601 are dates where the source has no dates of its own (`datesAreText`: JSON).
 */
export const decideTypedColumns = async (
  session: Session,
  relation: string,
  columns: readonly TypedColumn[],
  datesAreText: boolean,
  warnings: Warnings,
): Promise<SourceColumn[]> => {
  const texts = datesAreText ? columns.filter(({ kinds }) => kinds.size === 1 && kinds.has('string')) : [];
  const counts = await countShapes(
    session,
    relation,
    texts.map(({ column }) => column),
  );
  const dates = new Map(texts.map(({ column }, index) => [column, isoDatesOf(counts[index] ?? new Map())]));
  return columns.map((column): SourceColumn => {
    const quoted = identifier(column.column);
    const date = dates.get(column.column);
    if (date !== undefined) return { name: column.name, type: date, sql: convert({ as: date }, quoted) };
    const type = decide(column, warnings);
    return { name: column.name, type, sql: typedSql(type, quoted, column) };
  });
};

const decide = (column: TypedColumn, warnings: Warnings): ColumnType => {
  const kinds = [...column.kinds.keys()];
  const only = (...allowed: CellKind[]) => kinds.every((kind) => allowed.includes(kind));
  if (kinds.length === 0) return 'string';
  if (only('integer')) return 'integer';
  if (only('integer', 'number')) return 'number';
  if (only('date')) return 'date';
  if (only('date', 'datetime')) return 'datetime';
  if (only('decimal') && column.decimal !== undefined && column.decimal.precision <= 38) return 'decimal';
  const [single] = kinds;
  if (kinds.length === 1 && single !== undefined && single !== 'exact' && single !== 'decimal') {
    if (single === 'json') {
      warnings.add({ code: 'nested', message: 'Nested values are kept as JSON text', column: column.name });
    }
    return single;
  }
  if (only('exact', 'integer', 'number', 'decimal')) {
    warnings.add({
      code: 'exact_numbers',
      message: 'Some numbers have more digits than a 64-bit number keeps; they are kept as text',
      column: column.name,
    });
    return 'string';
  }
  warnings.add({
    code: 'mixed_types',
    message: `Values of several kinds (${kinds.join(', ')}) are kept as text`,
    column: column.name,
  });
  return 'string';
};

const typedSql = (type: ColumnType, quoted: string, column: TypedColumn): string => {
  switch (type) {
    case 'integer':
      return `CAST(${quoted} AS BIGINT)`;
    case 'number':
      return `CAST(${quoted} AS DOUBLE)`;
    case 'decimal':
      return `CAST(${quoted} AS DECIMAL(${column.decimal?.precision ?? 38}, ${column.decimal?.scale ?? 0}))`;
    case 'boolean':
      return `(${quoted} = 'true')`;
    case 'date':
      return `CAST(${quoted} AS DATE)`;
    case 'time':
      return `CAST(${quoted} AS TIME)`;
    case 'datetime':
      return `CAST(${quoted} AS TIMESTAMP)`;
    case 'datetime_tz':
      return `CAST(${quoted} AS TIMESTAMPTZ)`;
    case 'binary':
      return `from_base64(${quoted})`;
    case 'json':
      return `CAST(${quoted} AS JSON)`;
    case 'string':
      return quoted;
  }
};
