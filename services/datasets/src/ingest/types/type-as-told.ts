import type { CastType, UploadOptions } from '@vindima/contracts';
import type { Session } from '../../engine/session.ts';
import { identifier } from '../../engine/sql.ts';
import { unreadable } from '../refuse.ts';
import type { SourceColumn } from '../table-source.ts';
import { largestScale } from './largest-scale.ts';
import { readAs, type TextFormat } from './read-as.ts';
import type { TextTable } from './type-text-columns.ts';

/**
 * The columns whose types or date formats the uploader says. Every value must fit, unless `on_error` says what becomes of
 * one that does not.
 * @throws 422 `datasets.unknown_column`, `datasets.wrong_value` with column, row and value
 */
export const typeAsTold = async (
  session: Session,
  table: TextTable,
  options: UploadOptions,
  format: TextFormat,
): Promise<Map<string, SourceColumn>> => {
  const found = new Map<string, SourceColumn>();
  const formats = typeof options.date_format === 'object' ? options.date_format : {};
  const wanted = new Map<string, CastType>(Object.keys(formats).map((name) => [name, 'date']));
  for (const [name, type] of Object.entries(options.types ?? {})) wanted.set(name, type);
  for (const [name, type] of wanted) {
    const column = table.columns.find((one) => one.name === name);
    if (column === undefined)
      throw unreadable('unknown_column', `There is no column ${JSON.stringify(name)}.`, { column: name });
    const text = identifier(column.column);
    const own = { ...format, ...(formats[name] === undefined ? {} : { date: formats[name] }) };
    const scale = type === 'decimal' ? await largestScale(session, table.relation, text, own) : 0;
    const sql = readAs(type, text, own, scale);
    if (type !== 'string' && options.on_error !== 'missing')
      await refuseMisfit(session, table.relation, { name, text, type, sql });
    found.set(name, { name, type, sql });
  }
  return found;
};

const refuseMisfit = async (
  session: Session,
  relation: string,
  { name, text, type, sql }: { name: string; text: string; type: CastType; sql: string },
): Promise<void> => {
  const row = await session.row(
    `SELECT count(*) AS count, min(place) AS place, arg_min(value, place) AS value FROM (
      SELECT row_number() OVER () AS place, ${text} AS value, ${sql} AS read FROM ${relation}) WHERE value IS NOT NULL AND read IS NULL`,
  );
  if (Number(row.count) === 0) return;
  const value = String(row.value).slice(0, 100);
  const way =
    type === 'date' || type === 'datetime' ? '; say date_format if its dates are not written like 2024-12-31' : '';
  throw unreadable(
    'wrong_value',
    `${row.count} values of column ${JSON.stringify(name)} are no ${type}; the first, in row ${row.place}, is ${JSON.stringify(value)}${way}.`,
    { column: name, type, count: Number(row.count), row: Number(row.place), value },
  );
};
