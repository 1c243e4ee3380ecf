import { ServiceError } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { scalar } from '../engine/sql.ts';
import { isNumeric, type TableColumn } from './table.ts';

/**
 * A value of a request as SQL of a column's type, or undefined where it does not fit: a word in a column of numbers, a
 * fraction in one of integers.
 */
export const fittingLiteral = async (
  session: Session,
  column: TableColumn,
  value: string | number | boolean,
): Promise<string | undefined> => {
  if (column.type === 'binary' || (typeof value === 'boolean' && isNumeric(column))) return undefined;
  const cast = `TRY_CAST(${scalar(value)} AS ${column.physical})`;
  const row = await session.row(
    `SELECT ${cast} IS NOT NULL AS fits, ${isNumeric(column) ? `coalesce(${cast} = TRY_CAST(${scalar(value)} AS DOUBLE), false)` : 'true'} AS same`,
  );
  return row.fits === true && row.same === true ? `CAST(${scalar(value)} AS ${column.physical})` : undefined;
};

/** As {@link fittingLiteral}. @throws 422 `datasets.wrong_value` */
export const columnLiteral = async (
  session: Session,
  column: TableColumn,
  value: string | number | boolean,
): Promise<string> => {
  const sql = await fittingLiteral(session, column, value);
  if (sql !== undefined) return sql;
  throw new ServiceError(
    422,
    'datasets.wrong_value',
    `${JSON.stringify(value)} does not fit column ${JSON.stringify(column.name)}, which holds values of type ${column.type}.`,
    { details: { column: column.name, type: column.type, value } },
  );
};
