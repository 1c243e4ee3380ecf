import type { ColumnType } from '@vindima/contracts';
import type { Session } from '../../engine/session.ts';
import { identifier, literal } from '../../engine/sql.ts';
import { boundColumns, columnNames } from '../column-names.ts';
import { unreadable } from '../refuse.ts';
import type { SourceColumn, TableSource } from '../table-source.ts';
import type { Warnings } from '../warnings.ts';
import { needsOtherReader, readWithHyparquet } from './read-with-hyparquet.ts';
import { verifyChecksums } from './verify-checksums.ts';

/** Reads a Parquet file with DuckDB. Scalars keep their types, nested columns become JSON text. */
export const readParquet = async (session: Session, path: string, warnings: Warnings): Promise<TableSource> => {
  if (await needsOtherReader(session, path)) return readWithHyparquet(session, path, warnings);
  // Old writers did not mark text as such; whether bytes are text is decided below, not by the format.
  const relation = `read_parquet(${literal(path)})`;
  const described = await session.rows(`DESCRIBE SELECT * FROM ${relation}`);
  boundColumns(described.length, session.limits.columns);
  const found = described.map((column) => ({ name: String(column.column_name), type: String(column.column_type) }));
  await session.widen(described.length);
  await verifyChecksums(session, path);
  if (found.length === 0) throw unreadable('not_a_table', 'The Parquet file has no columns.');
  const names = columnNames(
    found.map(({ name }) => name),
    warnings,
  );
  const bytes = found.filter(({ type }) => type === 'BLOB').map(({ name }) => name);
  const text = await textColumns(session, relation, bytes);
  const floats = found.filter(({ type }) => type === 'DOUBLE' || type === 'FLOAT').map(({ name }) => name);
  const notNumbers = await countNotNumbers(session, relation, floats);
  return {
    relation,
    columns: found.map(({ name, type }, index): SourceColumn => {
      const column = names[index] ?? name;
      const quoted = identifier(name);
      if (text.has(name)) return { name: column, type: 'string', sql: `decode(${quoted})` };
      const canonical = canonicalType(type);
      const missing = notNumbers.get(name) ?? 0;
      if (missing > 0) {
        const message = `${missing} values are NaN (not a number); they were read as missing`;
        warnings.add({ code: 'not_a_number', message, column });
        return {
          name: column,
          type: 'number',
          sql: `CASE WHEN NOT isnan(${quoted}) THEN CAST(${quoted} AS DOUBLE) END`,
        };
      }
      if (canonical.type === 'json' && type !== 'JSON') {
        warnings.add({ code: 'nested', message: `Values of type ${type.slice(0, 100)} are kept as JSON text`, column });
        return { name: column, type: 'json', sql: `to_json(${quoted})` };
      }
      return {
        name: column,
        type: canonical.type,
        sql: canonical.cast ? `CAST(${quoted} AS ${canonical.cast})` : quoted,
      };
    }),
    dialect: {},
  };
};

/** How many values of each column are NaN, which is neither a value nor missing; for us it is missing, everywhere. */
const countNotNumbers = async (
  session: Session,
  relation: string,
  columns: readonly string[],
): Promise<Map<string, number>> => {
  if (columns.length === 0) return new Map();
  const row = await session.row(
    `SELECT ${columns.map((name, index) => `count(*) FILTER (WHERE isnan(${identifier(name)})) AS n${index}`).join(', ')} FROM ${relation}`,
  );
  return new Map(columns.map((name, index) => [name, Number(row[`n${index}`])]));
};

/** Columns of bytes whose every value is text in UTF-8. */
const textColumns = async (session: Session, relation: string, columns: readonly string[]): Promise<Set<string>> => {
  if (columns.length === 0) return new Set();
  const row = await session.row(
    `SELECT ${columns.map((name, index) => `count(${identifier(name)}) > 0 AND bool_and(${identifier(name)} IS NULL OR TRY(decode(${identifier(name)})) IS NOT NULL AND NOT contains(TRY(decode(${identifier(name)})), chr(0))) AS t${index}`).join(', ')} FROM ${relation}`,
  );
  return new Set(columns.filter((_, index) => row[`t${index}`] === true));
};

/** The type of a column in our terms, and what to cast it to where DuckDB's own type is another. */
export const canonicalType = (type: string): { type: ColumnType; cast?: string } => {
  if (type === 'BIGINT') return { type: 'integer' };
  if (/^(TINYINT|SMALLINT|INTEGER|UTINYINT|USMALLINT|UINTEGER)$/.test(type)) return { type: 'integer', cast: 'BIGINT' };
  if (type === 'UBIGINT') return { type: 'decimal', cast: 'DECIMAL(20, 0)' };
  if (type === 'DOUBLE') return { type: 'number' };
  if (type === 'FLOAT') return { type: 'number', cast: 'DOUBLE' };
  if (type.startsWith('DECIMAL')) return { type: 'decimal' };
  if (type === 'BOOLEAN') return { type: 'boolean' };
  if (type === 'DATE') return { type: 'date' };
  if (type === 'TIME') return { type: 'time' };
  if (type === 'TIMESTAMP_S' || type === 'TIMESTAMP_MS') return { type: 'datetime', cast: 'TIMESTAMP' };
  if (type === 'TIMESTAMP') return { type: 'datetime' };
  if (type === 'TIMESTAMP_NS') return { type: 'datetime', cast: 'TIMESTAMP' };
  if (type === 'TIMESTAMP WITH TIME ZONE') return { type: 'datetime_tz' };
  if (type === 'BLOB') return { type: 'binary' };
  if (type === 'VARCHAR') return { type: 'string' };
  if (type === 'JSON' || /^(STRUCT|MAP|UNION)|\]$/.test(type)) return { type: 'json' };
  return { type: 'string', cast: 'VARCHAR' };
};
